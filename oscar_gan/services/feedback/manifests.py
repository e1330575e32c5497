"""Dataset manifests: what a training learns from, frozen, traceable and safe from tampering."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from hashlib import sha256

from ...conf import get_config
from ...errors import ManifestMismatch, TooLittleFeedback
from ...models import TrainingRun
from .. import media
from . import reviewers
from .entries import SHADOW, TRAIN, VALIDATION, Entry, entries
from .evidence import Evidence, Person, gather
from .labels import WEIGHTS
from .pending import newest_learnt

FORMAT = 1
FOLDER = "manifests"
ERASED = "erased"
"""Reason in `left_out` of photos that somebody had erased afterwards."""


def freeze(run: TrainingRun, *, benched: Collection[str] | None = None) -> dict:
    """Decide what `run` learns from, write it down for good and return the manifest.

    `benched` are the SHA-256 of photos kept for comparisons; None: the frozen bench's. The same
    rows give the same bytes. Raises TooLittleFeedback when fewer photos with a trusted outline
    are left than the settings ask for; nothing is written then.
    """
    if benched is None:
        from .. import benches

        benched = benches.digests()
    evidence = gather(run.name)
    manifest = _manifest(run, evidence, benched)
    _check(manifest)
    manifest = _store(run, manifest)
    _record(
        run,
        decisions=manifest["decisions"]["quality"],
        newest_review=evidence.newest_review,
    )
    return manifest


def read_manifest(run: TrainingRun) -> dict:
    """The manifest that was frozen for `run`; raises ManifestMismatch when it is another one."""
    if not run.manifest_name:
        raise ManifestMismatch(f"Nothing was frozen for the training {run} yet; start a new one.")
    data = media.read_draft(run.manifest_name)
    if (digest := sha256(data).hexdigest()) != run.manifest_digest:
        raise ManifestMismatch(
            f"{run.manifest_name} was changed since it was frozen (SHA-256 {digest[:12]}, not"
            f" {run.manifest_digest[:12]}); start a new training."
        )
    return json.loads(data)


def without(run: TrainingRun, digests: Collection[str]) -> int:
    """Freeze the run's manifest anew without photos of these SHA-256; how many those were.

    The old file is deleted. `left_out` counts them as `erased`.
    """
    manifest = read_manifest(run)
    kept = [photo for photo in manifest["photos"] if photo["sha256"] not in digests]
    erased = len(manifest["photos"]) - len(kept)
    if not erased:
        return 0
    left_out = Counter(manifest["left_out"]) + Counter({ERASED: erased})
    manifest = {**manifest, "photos": kept, "left_out": left_out}
    before = run.manifest_name
    _store(run, manifest)
    media.delete_draft(before)
    return erased


def shadow_photos(manifest: dict | None) -> list[dict]:
    """The manifest's photos that no training sees and whose outline is known: for comparisons."""
    photos = manifest["photos"] if manifest else []
    return [photo for photo in photos if photo["split"] == SHADOW and photo["matte"]]


def _manifest(run: TrainingRun, evidence: Evidence, benched: Collection[str]) -> dict:
    config = get_config()
    unheard = reviewers.left_out(evidence)
    photos, left_out = entries(
        evidence, unheard=unheard, benched=benched, share=config.reviewer_share
    )
    return {
        "format": FORMAT,
        "generator": run.name,
        "base": run.base.digest,
        "settings": {
            "reviewer_share": config.reviewer_share,
            "retrain_min_photos": config.retrain_min_photos,
            "weights": WEIGHTS,
        },
        "licence": config.photo_licence,
        "photos": [photo.to_json() for photo in photos],
        "labels": Counter(photo.label.label for photo in photos),
        "splits": Counter(photo.split for photo in photos),
        "decisions": _decisions(evidence, since=newest_learnt(run.name)),
        "left_out": left_out,
        "reviewers": _reviewers(evidence, photos, unheard),
    }


def _decisions(evidence: Evidence, *, since: int) -> dict:
    """How many standing decisions there are; `new`: those after review `since`."""
    decisions = list(evidence.decisions())
    return {
        "quality": len(decisions),
        "new": sum(decision.review > since for decision in decisions),
        "approved": sum(decision.approved for decision in decisions),
        "rejected": Counter(each.reason for each in decisions if not each.approved),
        "ignored": evidence.ignored,
    }


def _reviewers(evidence: Evidence, photos: list[Entry], unheard: dict[Person, str]) -> list[dict]:
    """Who decided and drew how much, and what of the outlines to be learnt rests on whom."""
    decided, approved, drawn, weight = Counter(), Counter(), Counter(), Counter()
    for decision in evidence.decisions():
        decided[decision.reviewer] += 1
        approved[decision.reviewer] += decision.approved
    for photo in evidence.photos.values():
        drawn.update(outline.by for outline in photo.drawn)
    for photo in photos:
        if photo.is_trusted and photo.split == TRAIN:
            weight.update(photo.parts)
    return [
        {
            "id": who,
            "decisions": decided[who],
            "approved": approved[who],
            "drawn": drawn[who],
            "weight": weight[who],
            "share": weight[who] / weight.total() if weight else 0,
            "left_out": unheard.get(who, ""),
        }
        for who in sorted(decided | drawn, key=str)
    ]


def _store(run: TrainingRun, manifest: dict) -> dict:
    """Write a manifest and name it in the run's row; as whoever reads the file will see it."""
    data = json.dumps(manifest, sort_keys=True, separators=(",", ":"), default=str).encode()
    name, digest = media.store_draft(data, folder=FOLDER, extension=".json")
    manifest = json.loads(data)
    summary = {key: value for key, value in manifest.items() if key != "photos"}
    _record(run, manifest_name=name, manifest_digest=digest, summary=summary)
    return manifest


def _check(manifest: dict) -> None:
    """Refuse what is too little to learn from; both sides that a training reads need something."""
    trusted = Counter(photo["split"] for photo in manifest["photos"] if photo["matte"])
    wanted = manifest["settings"]["retrain_min_photos"]
    if trusted.total() >= wanted and trusted[TRAIN] and trusted[VALIDATION]:
        return
    why = [f"{count} {reason}" for reason, count in sorted(manifest["left_out"].items())]
    why += [
        f"reviewer {each['id']} {each['left_out']}"
        for each in manifest["reviewers"]
        if each["left_out"]
    ]
    raise TooLittleFeedback(
        f"{trusted.total()} of {wanted} photos have a trusted outline, {trusted[TRAIN]} of them to"
        f" train on and {trusted[VALIDATION]} to validate on. Approve pictures or correct outlines"
        f" of more photos. Left out: {', '.join(why) or 'none'}."
    )


def _record(run: TrainingRun, **fields) -> None:
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=list(fields))
