"""The family's figures as tables: ours, how each was taught, and what was published."""

from collections.abc import Sequence
from typing import Any

from benchmarks.report import Cell, Figure, Table, figure, number
from oscar_gan.gan.objectives import OBJECTIVES

from .course import Outcome
from .members import MEMBERS
from .scores import Scores

COLUMNS = (
    "objective", "KID × 1000", "FD", "FWD", "precision", "recall", "density", "coverage", "kinds",
    "KL of kinds", "seconds", "collapsed",
)  # fmt: skip
DIGITS = {
    "kid": 1, "fd": 2, "fwd": 4, "precision": 2, "recall": 2, "density": 2, "coverage": 2,
    "modes": 1, "divergence": 3,
}  # fmt: skip
PUBLISHED = {
    "ns (NS GAN)": (6.8, 0.5, 26.5, 1.6, 58.5, 1.9, 55.0, 3.3),
    "lsgan (LSGAN)": (7.8, 0.6, 30.7, 2.2, 87.1, 47.5, 53.9, 2.8),
    "wgan (WGAN)": (6.7, 0.4, 21.5, 1.6, 55.2, 2.3, 41.3, 2.0),
    "wgan-gp (WGAN GP)": (20.3, 5.0, 24.5, 2.1, 55.8, 0.9, 30.0, 1.0),
}
"""FID: mean and spread on MNIST, Fashion-MNIST, CIFAR-10 and CelebA."""


def all_tables(outcomes: Sequence[Outcome], floor: Scores, pictures: int) -> list[Table]:
    """Every table there is to show of the runs done so far."""
    return [
        main_table(outcomes, floor, pictures),
        time_table(outcomes),
        codes_table(outcomes),
        settings_table(),
        published_table(),
    ]


def main_table(outcomes: Sequence[Outcome], floor: Scores, pictures: int) -> Table:
    """A row for each member, collapsed runs included, under the real pictures' own."""
    note = (
        f"{pictures} made pictures a run against as many real test pictures; mean ± spread over"
        " seeds. Less is better in the first three and in the KL; features are our own"
        " classifier's, so none of it may be compared with published figures. The floor is the"
        " other half of the test pictures. *Kinds*: of ten, made at least once. Collapsed: stopped"
        " by the loop's watch, all pictures alike, or half of the kinds missing; such runs count"
        " in their row like all others."
    )
    table = Table("Objectives", COLUMNS, note)
    table.add("real pictures (floor)", *_scored([floor]), "–", "–")
    for member in MEMBERS:
        if not (runs := _of(outcomes, member)):
            table.add(member, *[None] * (len(COLUMNS) - 1))
            continue
        seconds = figure([run.seconds for run in runs], 0)
        collapsed = sum(run.collapsed for run in runs)
        scores = [run.scores for run in runs if run.scores]
        table.add(member, *_scored(scores), seconds, f"{collapsed} of {len(runs)}")
    return table


def _scored(scores: Sequence[Scores]) -> list[Cell]:
    if len(scores) == 1:
        return [number(getattr(scores[0], name), 1, digits) for name, digits in DIGITS.items()]
    return [figure([getattr(one, name) for one in scores], d) for name, d in DIGITS.items()]


def time_table(outcomes: Sequence[Outcome]) -> Table:
    """The same race by the clock: a step of one member costs four of another's."""
    columns = ("objective", "ms a step", "steps in that time", "KID × 1000 then", "in the end")
    done = [run for run in outcomes if run.marks]
    if not done:
        return Table("At equal time", columns, missing="no run is over")
    limit = min(run.marks[-1].seconds for run in done)
    note = (
        f"Where each member stood after {limit:.0f} seconds of one core, the time that the"
        " quickest run took for all its steps. By fewer pictures than above, and saved ten times"
        " a run, so the time is not used to the last second."
    )
    table = Table("At equal time", columns, note)
    for member in MEMBERS:
        runs = _of(done, member)
        then = [[mark for mark in run.marks if mark.seconds <= limit] for run in runs]
        reached = [marks[-1] for marks in then if marks]
        table.add(
            member,
            figure([1000 * run.marks[-1].seconds / run.marks[-1].step for run in runs], 0),
            figure([mark.step for mark in reached], 0),
            figure([mark.kid for mark in reached if mark.kid], 1),
            figure([run.marks[-1].kid for run in runs if run.marks[-1].kid], 1),
        )
    return table


def codes_table(outcomes: Sequence[Outcome]) -> Table:
    """What InfoGAN's Q heads read, run by run."""
    columns = (
        "infogan", "own category read back", "real kinds named", "R² of value 1", "R² of value 2",
    )  # fmt: skip
    note = (
        "Read from 5,000 made pictures; *real kinds named*: share of 5,000 real test pictures"
        " whose category, matched to kinds one to one in the best way, is the right kind. No"
        " label was shown in training; always naming one kind would give 10 %."
    )
    table = Table("InfoGAN's codes", columns, note)
    read = [run for run in outcomes if run.codes]
    for run in read:
        codes = run.codes
        cells = [100 * codes.own, 100 * codes.kinds]
        values = [number(value, 1, 3) for value in codes.values]
        table.add(f"seed {run.seed}", *(f"{cell:.1f} %" for cell in cells), *values)
    if not read:
        table.missing = "no run is over"
    return table


def settings_table() -> Table:
    """How each member was taught, as its configuration says."""
    columns = (
        "objective", "what it is", "rate", "critic's rate", "momenta (of critic)",
        "critic's steps", "bound or penalty",
    )  # fmt: skip
    table = Table("How each was taught", columns)
    for name, member in MEMBERS.items():
        config = member.config(steps=1, seed=0)
        table.add(
            name,
            f"{member.year}: {member.about}",
            _rate(config.learning_rate, config.final_rate),
            _rate(config.judge_learning_rate, config.judge_final_rate),
            f"{config.momentum:g}, {config.second_momentum:g} ({config.judge_momentum:g}, 0.99)",
            str(member.settings.critic_steps),
            _bound(config),
        )
    return table


def published_table() -> Table:
    """Lucic et al. (2018), for its order only."""
    columns = ("objective", "MNIST", "Fashion-MNIST", "CIFAR-10", "CelebA")
    note = (
        'FID as published by Lucic et al., "Are GANs Created Equal?" (2018): the best of a large'
        " search for each, with larger networks and many times our steps. **Context, not a"
        " comparison**: other features, other networks, another budget. Quoted from two papers"
        " that repeat the table and differ in one cell (LSGAN on CIFAR-10, ± 47.5 or ± 0.9);"
        " rpgan is younger."
    )
    table = Table("The published order", columns, note)
    for name, values in PUBLISHED.items():
        pairs = zip(values[::2], values[1::2], strict=True)
        table.add(name, *(Figure(mean, spread, 1, 1) for mean, spread in pairs))
    return table


def _of(outcomes: Sequence[Outcome], member: str) -> list[Outcome]:
    return [run for run in outcomes if run.member == member]


def _rate(peak: float, final: float) -> str:
    return f"{peak:g}" if final == 1 else f"{peak:g} to {peak * final:g}"


def _bound(config: Any) -> str:
    objective = OBJECTIVES[config.objective]
    if config.penalty == "none":
        return "none"
    if objective.clip:
        return f"weights within ±{objective.clip:g}"
    if objective.penalty:
        end = config.gamma * config.final_gamma
        return f"{config.gamma:g}" if end == config.gamma else f"{config.gamma:g} to {end:g}"
    return "none"
