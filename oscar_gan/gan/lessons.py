"""What can be taught, by name."""

from typing import Any

import torch

from .analysis import AnalyserLesson
from .config import Config
from .grading import GraderLesson
from .options import restored
from .printing import PrinterLesson
from .training import Lesson, Trainer

LESSONS = {lesson.name: lesson for lesson in (AnalyserLesson, GraderLesson, PrinterLesson)}


def begin(
    name: str, config: Config, settings: Any, *, device: str | torch.device = "cpu"
) -> Trainer:
    """A run of a lesson at step 0; the same seed gives the same weights."""
    torch.manual_seed(config.seed)
    return Trainer(LESSONS[name](settings), config, device=device)


def learnt(state: dict[str, Any]) -> Lesson:
    """The lesson of a checkpoint with its averaged networks, ready to be used or exported."""
    kind = LESSONS[state["lesson"]]
    lesson = kind(restored(kind.Settings, state["settings"]))
    lesson.networks.load_state_dict(state["averaged"])
    lesson.networks.eval()
    return lesson
