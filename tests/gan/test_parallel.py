import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from oscar_gan.gan.checkpoints import read_checkpoint
from oscar_gan.gan.parallel import share, world

from . import two_ranks

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent


def torchrun(*arguments):
    """Run a module as two ranks of one CPU thread each; its standard output."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*command, "-m", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranks")
    torchrun("tests.gan.two_ranks", folder)
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in (0, 1)]


def test_averaged_gradients_are_those_of_the_joint_batch(ranks):
    alone = two_ranks.trainer()
    halves = [two_ranks.pictures(number) for number in (1, 2)]
    joint = two_ranks.Pictures(*(torch.cat(parts) for parts in zip(*halves, strict=True)))
    done = next(alone.train([joint]))
    for mine, theirs in zip(two_ranks.gradients(alone), ranks[0]["gradients"], strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-4, atol=1e-7)
    for name, value in done.losses.items():
        assert torch.allclose(value, ranks[0]["report"][name], rtol=1e-4, atol=1e-6), name


def test_all_ranks_stay_the_same(ranks):
    one, other = (rank["weights"] for rank in ranks)
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_all_ranks_stop_when_one_is_asked_to(ranks):
    assert [rank["agreed"] for rank in ranks] == [[True, False]] * 2


def test_alone_there_is_one_rank_whose_share_is_everything():
    assert world() == (0, 1)
    assert [share(step) for step in (1, 2, 3)] == [1, 2, 3]


def test_only_the_first_rank_writes_and_speaks(corpus_folder, tmp_path):
    told = torchrun(
        *("oscar_gan.gan", "train", "analyser", corpus_folder, tmp_path, "--steps", "2"),
        *("--side", "64", "--widths", "8", "8", "16", "16", "16", "--mixture-photos", "2"),
        *("--mixture-cutouts", "2", "--mixture-shapes", "0", "--mixture-scenes", "0"),
        *("--mixture-worn", "0"),
    )
    assert told.count("Teaching the analyser") == 1
    assert read_checkpoint(tmp_path / "checkpoint.pt")["step"] == 2
    assert not list(tmp_path.glob("*.partial"))
