"""What each rank of `test_parallel` does: train a tiny lesson, save gradients and weights."""

import sys
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from oscar_gan.gan.config import Config
from oscar_gan.gan.networks import Discriminator
from oscar_gan.gan.parallel import agreed, joined, share, world
from oscar_gan.gan.training import Study, Trainer

PER_RANK = 4


class Pictures(NamedTuple):
    real: Tensor
    photo: Tensor


def pictures(number, count=PER_RANK):
    random = torch.Generator().manual_seed(number)
    return Pictures(*(torch.rand(count, 3, 8, 8, generator=random) for _ in range(2)))


class Recolouring:
    """One convolution that has to halve its input before a judge."""

    def __init__(self):
        torch.manual_seed(1)
        self.networks = nn.ModuleDict({"colour": nn.Conv2d(3, 3, 1)})
        self.judges = nn.ModuleDict({"scene": Discriminator((4, 8), codes=1)})
        nn.init.normal_(self.judges["scene"].judge.weight)

    def study(self, batch, step):
        made = self.networks["colour"](batch.photo)
        error = (made - batch.photo / 2).square().mean()
        code = batch.photo.mean((1, 2, 3))[:, None]
        return Study({"error": error}, {"scene": (batch.real, made)}, code)


def trainer():
    return Trainer(Recolouring(), Config(steps=9, chance=0.0))


def gradients(trained):
    parts = (*trained.networks.parameters(), *trained.judges.parameters())
    return [value.grad for value in parts if value.grad is not None]


def main(folder):
    with joined(torch.device("cpu")):
        rank, _ = world()
        trained = trainer()
        steps = trained.train(pictures(share(step)) for step in range(1, 4))
        report = next(steps).losses
        saved = {"report": report, "gradients": [value.clone() for value in gradients(trained)]}
        list(steps)
        saved["weights"] = trained.averaged.state_dict()
        saved["agreed"] = [agreed(rank == 1), agreed(False)]
        torch.save(saved, folder / f"{rank}.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
