"""Retraining: what does the analyser learn from a shop's decisions, and what does it forget?

    python -m benchmarks.retraining [--photos FOLDER] [--only NAME …] [--seeds 1 2 3]

The decisions are those of the season's spring (`benchmarks.season`): outlines of rugs with
furniture on them drawn where the champion missed them, other products approved of. The champion
is fine-tuned on them as a shop does it (`gan.retraining`), whole and with single parts left out;
each result is measured as it would be served, refinement included. A run takes some five minutes
of one core. Runs are kept in benchmarks/results/retraining-runs.json, and none is repeated.
"""

import argparse
import hashlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.engine import Generator, open_weights, read_photo
from oscar_gan.errors import UnusableMatte
from oscar_gan.gan.checkpoints import CHECKPOINT
from oscar_gan.gan.corpus import open_corpus
from oscar_gan.gan.export import export_checkpoint, register
from oscar_gan.gan.feedback import APPROVED, CORRECTED, LabelledPhoto, collect_feedback
from oscar_gan.gan.retraining import CHAMPIONS_SHARE, fine_tune, settings_for
from oscar_gan.imaging.overlap import score_matte
from oscar_gan.inference.analyser import WEIGHTS

from .mattes import hand_made
from .report import Table, figure, write
from .season.pictures import RUG, SPRING, read_pictures

RESULTS = Path(__file__).parent / "results"
KEPT = RESULTS / "retraining-runs.json"
CHAMPION = WEIGHTS / "analyser.onnx"
STEPS = 500
APPROVED_FROM = 0.95
"""Overlap from which simulated staff approve of an outline."""

Pixels = NDArray[np.uint8]
Scores = NDArray[np.float64]


class Example(NamedTuple):
    """A photo as a file, and its true matte (h, w): of the material, or of the whole product."""

    name: str
    file: bytes
    truth: Pixels
    material: bool = True


def _mixture(**changes) -> Callable:
    return lambda config, settings: (
        config,
        replace(settings, mixture=replace(settings.mixture, **changes)),
    )


VARIANTS: dict[str, Callable] = {
    "as shipped": lambda config, settings: (config, settings),
    "no other colours": _mixture(dyed=0.0),
    "no scenes rehearsed": _mixture(scenes=0),
    "nothing rehearsed": _mixture(scenes=0, shapes=0, garments=0),
    "keep matte counts half": lambda config, settings: (config, replace(settings, keep_weight=1)),
    "a quarter of the champion kept": lambda config, settings: (config, settings),
    "nothing of the champion kept": lambda config, settings: (config, settings),
    "with the adversary": _mixture(adversarial=2),
    "live batch statistics": lambda config, settings: (
        config,
        replace(settings, frozen_statistics=False),
    ),
    "without emphasis": lambda config, settings: (config, settings),
    "wrong outlines learnt": lambda config, settings: (config, settings),
}
"""What is changed of the settings; the last two change the decisions instead."""
SHARES = {"a quarter of the champion kept": 0.25, "nothing of the champion kept": 0.0}
"""Of the champion in what is exported, where it is not as shipped."""


def main() -> int:
    """Run what is not there yet, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="of the hand-made mattes (clothing/test)")
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    sets = examples(options.photos)
    champion = open_weights(WEIGHTS, device="cpu")
    if "champion" not in kept:
        kept["champion"] = _measured(champion, sets)
    for name in options.only:
        for seed in options.seeds:
            if (key := f"{name}, seed {seed}") in kept:
                continue
            started = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                made = challenger(Path(folder), decisions(champion, name), name, seed)
                kept[key] = {"seconds": round(time.monotonic() - started)}
                kept[key] |= _measured(made, sets)
            # Others may have run something meanwhile.
            newest = json.loads(KEPT.read_text()) if KEPT.exists() else {}
            kept = newest | kept
            KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    table = tabulated(kept)
    write([table], RESULTS, "retraining", {"steps": STEPS, "threads": 1})
    print(table.markdown())
    return 0


def tabulated(kept: dict[str, Any]) -> Table:
    """A row per variant: what each set of photos gained over the champion, mean over seeds."""
    before = {name: np.array(values) for name, values in kept["champion"].items()}
    table = Table(
        "Retraining",
        ("settings", "runs", *(f"{name} ({len(values)})" for name, values in before.items())),
        "Overlap with the truth (IoU), and what it gained; mean ± spread over runs.",
    )
    table.add("champion", "", *(f"{values.mean():.3f}" for values in before.values()))
    for variant in VARIANTS:
        runs = [values for key, values in kept.items() if key.startswith(f"{variant}, seed")]
        if not runs:
            continue
        cells = []
        for name, old in before.items():
            gains = [np.array(run[name]).mean() - old.mean() for run in runs if name in run]
            cells.append(figure(gains, 3))
        table.add(variant, str(len(runs)), *cells)
    return table


def examples(photos: Path | None) -> dict[str, list[Example]]:
    """Photos that no run learns from, by set."""
    pictures = [each for each in read_pictures() if each.is_held_out]
    sets: dict[str, list[Example]] = {"rugs held out": [], "other products": []}
    for each in pictures:
        if each.sort != RUG:
            sets["other products"].append(Example(each.name, each.photo, each.matte))
        else:
            sets["rugs held out"].append(Example(each.name, each.photo, each.matte))
    sets["bench"] = list(_bench())
    if photos:
        sets["hand-made, real garments"] = [
            Example(str(number), _png(each.picture), each.truth, material=False)
            for number, each in enumerate(hand_made(photos))
        ]
    return sets


def decisions(champion: Generator, variant: str) -> list[LabelledPhoto]:
    """What staff decided in spring; of *wrong outlines learnt*, the champion's mistakes again."""
    made = []
    for each in read_pictures():
        if each.wave != SPRING:
            continue
        found = served(champion, Example(each.name, each.photo, each.matte))
        right = score_matte(found / 255, each.matte / 255).iou >= APPROVED_FROM
        trusted = found if right or variant == "wrong outlines learnt" else each.matte
        before = None if right or variant == "without emphasis" else found
        made.append(
            LabelledPhoto(
                name=each.name,
                read=partial(bytes, each.photo),
                label=APPROVED if right else CORRECTED,
                matte=partial(_png, trusted),
                before=None if before is None else partial(_png, before),
                weight=0.5 if right else 1.0,
                sha256=hashlib.sha256(each.photo).hexdigest(),
            )
        )
    return made


def challenger(
    folder: Path, photos: Sequence[LabelledPhoto], variant: str, seed: int
) -> Generator:
    """Teach the champion what was decided, as a shop does; export the result and open it."""
    collect_feedback(folder / "corpus", photos, champion=CHAMPION)
    settings = VARIANTS[variant](*settings_for(CHAMPION, steps=STEPS, seed=seed))
    fine_tune(
        folder / "run",
        open_corpus(folder / "corpus"),
        champion=CHAMPION,
        config=settings[0],
        settings=settings[1],
        every=STEPS,
        progress=lambda each, first, last: tqdm(each, initial=first, total=last, disable=None),
    )
    digest = export_checkpoint(
        folder / "run" / CHECKPOINT,
        folder / "analyser.onnx",
        version="shop",
        blend=(CHAMPION, SHARES.get(variant, CHAMPIONS_SHARE)),
    )
    register(folder, "recolour", "shop", {"analyser": ("analyser.onnx", digest)})
    made = open_weights(folder, device="cpu")
    made.analyse(read_photo(photos[0].read()))  # reads the file before its folder goes
    return made


def served(generator: Generator, example: Example) -> Pixels:
    """What a generator recolours (or takes for product) of a photo, (h, w); black for nothing."""
    photo = read_photo(example.file)
    try:
        analysis = generator.analyse(photo)
    except UnusableMatte:
        return np.zeros((photo.height, photo.width), np.uint8)
    return analysis.material if example.material else analysis.matte


def _measured(generator: Generator, sets: dict[str, list[Example]]) -> dict[str, list[float]]:
    return {
        name: [
            round(score_matte(served(generator, each) / 255, each.truth / 255).iou, 4)
            for each in chosen
        ]
        for name, chosen in sets.items()
    }


def _bench() -> Iterator[Example]:
    from oscar_gan.services.benches import open_bench

    for picture in open_bench().pictures:
        yield Example(picture.name, picture.photo(), picture.mattes()[0])


def _png(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
