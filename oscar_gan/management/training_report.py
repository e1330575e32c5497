"""What `retrain_generator` prints: what would be learnt, how far a run is, what came of it."""

from __future__ import annotations

from ..models import GeneratorVersion, TrainingRun
from .bulk_report import duration, reasons

Status = TrainingRun.Status


def planned_json(decisions, reason: str, problem: str, manifest: dict | None) -> dict:
    """A dry run, for JSON; `photos` are null where too little was decided to train at all."""
    return {
        "dry_run": True,
        "due": not reason,
        "reason": reason,
        "problem": problem,
        "new_decisions": decisions.total,
        "approved": decisions.approved,
        "rejected": decisions.rejected,
        "ignored": decisions.ignored,
        "photos": manifest and {"labels": manifest["labels"], "splits": manifest["splits"]},
        "left_out": manifest and manifest["left_out"],
        "reviewers": manifest and manifest["reviewers"],
    }


def planned_lines(decisions, reason: str, problem: str, manifest: dict | None) -> list[str]:
    """A dry run, for people."""
    lines = [
        f"{decisions.total} new quality decisions: {decisions.approved} approved, rejected:"
        f" {reasons(decisions.rejected)}. They teach nothing: {reasons(decisions.ignored)}."
    ]
    if manifest is None:
        lines.append(f"Nothing can be learnt yet: {problem}")
    else:
        splits = manifest["splits"]
        lines += [
            f"{splits.get('train', 0)} photos would be learnt from, {splits.get('validation', 0)}"
            f" held out, {splits.get('shadow', 0)} kept for the comparison"
            f" ({reasons(manifest['labels'])}).",
            f"Left out: {reasons(manifest['left_out'])}.",
            *(
                f"Reviewer {each['id']} is not heard: {each['left_out']}."
                for each in manifest["reviewers"]
                if each["left_out"]
            ),
        ]
    due = f"The schedule would not start it: {reason}." if reason else "A training is due."
    return [*lines, f"{due} Nothing was written."]


def state_line(run: TrainingRun) -> str:
    """Where a run is after a chunk of work."""
    if run.status == Status.DONE:
        return f"Compared after {duration(run.seconds)} of work."
    at = f"at step {run.step} of {run.steps}"
    if run.status == Status.CANCELLED:
        return f"The training was cancelled {at}."
    if run.status == Status.FAILED:
        return f"The training failed {at}. {run.problem}"
    if run.problem:
        return f"Stopped while {run.phase}, {at}: {run.problem}"
    done = {
        TrainingRun.Phase.TRAINING: f"{run.step} of {run.steps} steps done",
        TrainingRun.Phase.EXPORTING: f"all {run.steps} steps done",
        TrainingRun.Phase.COMPARING: f"{run.result} exported",
    }
    return f"{duration(run.seconds)}  {done[run.phase]}; next: {run.phase}"


def result_lines(run: TrainingRun) -> list[str]:
    """What a finished run made, and the verdict on it."""
    comparison = run.result.comparisons.first()
    if run.result.status == GeneratorVersion.Status.CHAMPION:
        then = "It serves from now on."
    elif comparison.passed:
        then = f"Promote it with: manage.py promote_generator {run.result.version}"
    else:
        then = f"{comparison.against} serves as before."
    return [
        f"Made {run.result} from {run.base} and {run.decisions} quality decisions.",
        comparison.report["verdict"],
        then,
    ]


def run_json(run: TrainingRun) -> dict:
    """A run, ready for JSON; `version`, `passed` and `verdict` are null before its end."""
    comparison = run.result and run.result.comparisons.first()
    return {
        "run": str(run.pk),
        "status": run.status,
        "phase": run.phase,
        "step": run.step,
        "steps": run.steps,
        "seconds": round(run.seconds, 1),
        "decisions": run.decisions,
        "manifest": run.manifest_digest,
        "problem_code": run.problem_code,
        "problem": run.problem,
        "version": run.result and run.result.version,
        "passed": comparison and comparison.passed,
        "verdict": comparison and comparison.report["verdict"],
        "serves": bool(run.result) and run.result.status == GeneratorVersion.Status.CHAMPION,
    }
