"""What `retrain_generator` prints: what would be learnt, how far a run is, what came of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

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
        _(
            "%(total)d new quality decisions: %(approved)d approved, rejected: %(rejected)s. They"
            " teach nothing: %(ignored)s."
        )
        % {
            "total": decisions.total,
            "approved": decisions.approved,
            "rejected": reasons(decisions.rejected),
            "ignored": reasons(decisions.ignored),
        }
    ]
    if manifest is None:
        lines.append(_("Nothing can be learnt yet: %(problem)s") % {"problem": problem})
    else:
        splits = manifest["splits"]
        lines += [
            _(
                "%(train)d photos would be learnt from, %(validation)d held out, %(shadow)d kept"
                " for the comparison (%(labels)s)."
            )
            % {
                **{name: splits.get(name, 0) for name in ("train", "validation", "shadow")},
                "labels": reasons(manifest["labels"]),
            },
            _("Left out: %(reasons)s.") % {"reasons": reasons(manifest["left_out"])},
            *(
                _("Reviewer %(id)s is not heard: %(left_out)s.") % each
                for each in manifest["reviewers"]
                if each["left_out"]
            ),
        ]
    due = _("A training is due.")
    if reason:
        due = _("The schedule would not start it: %(reason)s.") % {"reason": reason}
    return [*lines, due + " " + _("Nothing was written.")]


def state_line(run: TrainingRun) -> str:
    """Where a run is after a chunk of work."""
    if run.status == Status.DONE:
        return _("Compared after %(duration)s of work.") % {"duration": duration(run.seconds)}
    facts = {
        **{"step": run.step, "steps": run.steps, "result": run.result},
        **{"phase": run.phase, "problem": run.problem},
    }
    if run.status == Status.CANCELLED:
        return _("The training was cancelled at step %(step)d of %(steps)d.") % facts
    if run.status == Status.FAILED:
        return _("The training failed at step %(step)d of %(steps)d. %(problem)s") % facts
    if run.problem:
        return _("Stopped while %(phase)s, at step %(step)d of %(steps)d: %(problem)s") % facts
    done = {
        TrainingRun.Phase.TRAINING: _("%(step)d of %(steps)d steps done; next: %(phase)s"),
        TrainingRun.Phase.EXPORTING: _("all %(steps)d steps done; next: %(phase)s"),
        TrainingRun.Phase.COMPARING: _("%(result)s exported; next: %(phase)s"),
    }
    return f"{duration(run.seconds)}  {done[run.phase] % facts}"


def result_lines(run: TrainingRun) -> list[str]:
    """What a finished run made, and the verdict on it."""
    comparison = run.result.comparisons.first()
    if run.result.status == GeneratorVersion.Status.CHAMPION:
        then = _("It serves from now on.")
    elif comparison.passed:
        command = f"manage.py promote_generator {run.result.version}"
        then = _("Promote it with: %(command)s") % {"command": command}
    else:
        then = _("%(champion)s serves as before.") % {"champion": comparison.against}
    return [
        _("Made %(result)s from %(base)s and %(decisions)d quality decisions.")
        % {"result": run.result, "base": run.base, "decisions": run.decisions},
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
