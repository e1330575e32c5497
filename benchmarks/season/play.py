"""The season itself: what happens when, who decides what, and what is written down."""

import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.season import staff
from benchmarks.season.clicks import Manager
from benchmarks.season.held_out import Score, mean, measure
from benchmarks.season.pictures import AUTUMN, RUG, SPRING, read_pictures
from benchmarks.season.report import write_report
from benchmarks.season.watch import Watch
from oscar_gan import engine
from oscar_gan.models import GeneratorVersion, TrainingRun
from oscar_gan.services import registry
from shop.stack import Stack

TASK = "oscar-gan-retrain"
PATIENCE = 3600
"""Seconds that one training may take, its comparison included."""
COLOURS = ("#1F3A93", "#AF2430")
"""Asked of every photo; the second one is left to whoever is named for it."""
LIKES_NOTHING = 26
"""Photos whose second colour goes to the reviewer who rejects everything."""


@dataclass(frozen=True)
class Round:
    """One wave of new products: what staff made of the first pictures."""

    name: str
    made_by: str
    """The version that made them."""
    photos: int
    approved_at_once: int
    decisions: int


@dataclass(frozen=True)
class Training:
    """One training run and what came of it."""

    season: str
    version: str
    photos: int
    passed: bool
    verdict: str
    failed_gates: tuple[str, ...]
    seconds: float
    """Of work, without the comparison."""


class Season:
    """Plays the season in an open shop and keeps its figures."""

    def __init__(self) -> None:
        self.pictures = read_pictures()
        self.held_out = [each for each in self.pictures if each.is_held_out]
        self.scores: dict[str, list[Score]] = {}
        """By version, and 'classic'."""
        self.rounds: list[Round] = []
        self.trainings: list[Training] = []
        self.notes: dict[str, object] = {"machine": platform.processor() or platform.machine()}
        self.watch: Watch | None = None
        self.desk: Manager | None = None
        self.started = time.monotonic()

    def play(self, stack: Stack) -> None:
        """Spring, autumn, and a step back."""
        manager, *honest, grump, newcomer = staff.hire(
            "manager", "ann", "ben", "grump", "newcomer"
        )
        self.desk = Manager(
            stack.address, email=manager.email, password=staff.password_of("manager")
        )
        _schedule(on=False)
        with Watch(stack.processes) as self.watch:
            self._measure(registry.champion())
            self.scores["classic"] = measure(engine.open_generator("classic"), self.held_out)
            self._spring(manager, honest, grump)
            self._train("spring")
            self._autumn(manager, newcomer)
            self._train("autumn")
            self._step_back(manager)

    def report(self) -> int:
        """Write tables and plots, print the last line; 0 if everything came out as it must."""
        self.notes["seconds"] = round(time.monotonic() - self.started)
        return write_report(self)

    def _spring(self, manager, honest: Sequence, grump) -> None:
        with self.watch.part("spring: products, pictures, reviews"):
            items = self._stock(SPRING)
            staff.ask(items, manager, lambda item: COLOURS)
            tally = staff.review_honestly(items, honest, lambda item: COLOURS[:1])
            others_first = sorted(items, key=lambda item: item.picture.sort == RUG)
            left = others_first[LIKES_NOTHING:]
            tally.decisions += staff.reject_everything(
                others_first[:LIKES_NOTHING], grump, lambda item: COLOURS[1:]
            )
            tally.decisions += staff.approve_rest(left, honest, lambda item: COLOURS[1:])
        self._note("spring", items, tally)

    def _autumn(self, manager, newcomer) -> None:
        with self.watch.part("autumn: products, pictures, reviews"):
            items = self._stock(AUTUMN)
            staff.ask(items, manager, lambda item: COLOURS)
            tally = staff.misunderstand(items, newcomer, lambda item: COLOURS)
        self._note("autumn, misunderstood", items, tally)

    def _train(self, season: str) -> None:
        """Let beat find enough decisions, wait for the run, promote what passed."""
        known = set(TrainingRun.objects.values_list("pk", flat=True))
        with self.watch.part(f"{season}: training and comparison"):
            _schedule(on=True)
            run = _wait_for_run(known)
            _schedule(on=False)
        if run.status != TrainingRun.Status.DONE:
            raise RuntimeError(f"The training of {season} {run.status}: {run.problem}")
        version = run.result
        comparison = version.comparisons.first()
        self.trainings.append(
            Training(
                season,
                version.version,
                sum(run.summary.get("labels", {}).values()),
                comparison.passed,
                comparison.report["verdict"],
                tuple(
                    f"{row['set']} {row['code']} {row['group']}"
                    for row in comparison.report["rows"]
                    if row["gate"] and not row["passed"]
                ),
                run.seconds,
            )
        )
        self._measure(version)
        if comparison.passed:
            self.desk.promote(comparison)

    def _step_back(self, manager) -> None:
        """One click back, a picture by the old version, one click forward again."""
        with self.watch.part("roll back and forward"):
            champion = registry.champion()
            if champion.parent is None:
                return  # nothing was promoted
            self.desk.roll_back(champion.parent)
            self.notes["rolled back to"] = registry.champion().version
            [item] = self._stock(AUTUMN, again="back")
            staff.ask([item], manager, lambda item: COLOURS[:1])
            made = item.source.gan_variants.get()
            self.notes["made after it by"] = made.request.generator.version
            self.desk.roll_back(champion)
            self.notes["serves at the end"] = registry.champion().version

    def _stock(self, wave: int, again: str = "") -> list[staff.Item]:
        chosen = [each for each in self.pictures if each.wave == wave]
        return staff.stock(chosen[:1] if again else chosen, suffix=again)

    def _measure(self, version: GeneratorVersion) -> None:
        self.scores[version.version] = measure(registry.open_version(version), self.held_out)
        for sort in sorted({each.sort for each in self.held_out}):
            overlap, wrong = mean(self.scores[version.version], sort)
            _say(f"{version.version}, {sort}: overlap {overlap:.3f}, wrong {wrong:.1%}")

    def _note(self, name: str, items: Sequence[staff.Item], tally: staff.Tally) -> None:
        made_by = items[0].source.gan_variants.order_by("pk").first().request.generator.version
        self.rounds.append(
            Round(name, made_by, tally.photos, tally.approved_at_once, tally.decisions)
        )
        _say(
            f"{name}: {tally.approved_at_once} of {tally.photos} first pictures approved,"
            f" {tally.decisions} decisions, made by {made_by}"
        )


def _schedule(*, on: bool) -> None:
    """What a manager does on the schedule's page: tick or untick the training."""
    from django_celery_beat.models import PeriodicTask, PeriodicTasks

    deadline = time.monotonic() + 60
    while not PeriodicTask.objects.filter(name=TASK).exists():  # beat enters it when it starts
        if time.monotonic() > deadline:
            raise TimeoutError("Beat has not entered its schedule within a minute.")
        time.sleep(0.5)
    PeriodicTask.objects.filter(name=TASK).update(enabled=on)
    PeriodicTasks.update_changed()


def _wait_for_run(known: set) -> TrainingRun:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        run = TrainingRun.objects.exclude(pk__in=known).first()
        if run is not None and not run.is_unfinished:
            return run
        time.sleep(1)
    raise TimeoutError(f"No training was finished within {PATIENCE} s.")


def _say(text: str) -> None:
    print(text, flush=True)
