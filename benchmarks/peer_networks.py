"""The generators and the matte network that others recolour with, written from their papers.

Weights are random: what is measured is what one pass costs, not what it makes.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _convolution(given: int, made: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    """Reflected border, convolution, instance norm, ReLU."""
    border = nn.ReflectionPad2d(kernel // 2)
    return [border, nn.Conv2d(given, made, kernel, stride), nn.InstanceNorm2d(made), nn.ReLU()]


class Residual(nn.Module):
    """Two 3 × 3 convolutions beside a straight way (Johnson et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_convolution(width, width, 3), *_convolution(width, width, 3)[:-1]
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, width, h, w) stays."""
        return x + self.body(x)


def resnet_generator(*, halvings: int, width: int = 64, blocks: int = 9) -> nn.Sequential:
    """Johnson's generator: two halvings in CycleGAN (2017), four in pix2pixHD (2018)."""
    layers, wide = _convolution(3, width, 7), width
    for _number in range(halvings):
        layers += _convolution(wide, 2 * wide, 3, 2)
        wide *= 2
    layers += [Residual(wide) for _number in range(blocks)]
    for _number in range(halvings):
        layers += [
            nn.ConvTranspose2d(wide, wide // 2, 3, 2, 1, 1),
            nn.InstanceNorm2d(wide // 2),
            nn.ReLU(),
        ]
        wide //= 2
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())


class StarBlock(nn.Module):
    """StarGAN v2's residual block: normalised first; `scale` 0.5 halves, 2 doubles, 1 keeps.

    With `style` (its length), the norm's mean and spread come from the style (AdaIN).
    """

    def __init__(self, given: int, made: int, scale: float, style: int = 0) -> None:
        super().__init__()
        self.scale, inner = scale, made if style else given
        self.norms = nn.ModuleList(
            nn.InstanceNorm2d(width, affine=not style) for width in (given, inner)
        )
        self.styles = nn.ModuleList(
            nn.Linear(style, 2 * width) for width in (given, inner) if style
        )
        self.first = nn.Conv2d(given, inner, 3, padding=1)
        self.second = nn.Conv2d(inner, made, 3, padding=1)
        self.straight = nn.Conv2d(given, made, 1, bias=False) if given != made else nn.Identity()

    def forward(self, x: Tensor, style: Tensor | None = None) -> Tensor:
        """Take (n, given, h, w) to (n, made, h × scale, w × scale)."""
        inner = self._resized(self.first(F.leaky_relu(self._normed(0, x, style), 0.2)))
        inner = self.second(F.leaky_relu(self._normed(1, inner, style), 0.2))
        return (self.straight(self._resized(x)) + inner) / 2**0.5

    def _normed(self, place: int, x: Tensor, style: Tensor | None) -> Tensor:
        normed = self.norms[place](x)
        if not len(self.styles):
            return normed
        gain, shift = self.styles[place](style)[..., None, None].chunk(2, dim=1)
        return (1 + gain) * normed + shift

    def _resized(self, x: Tensor) -> Tensor:
        if self.scale < 1:
            return F.avg_pool2d(x, 2)
        return F.interpolate(x, scale_factor=2.0) if self.scale > 1 else x


class StarGenerator(nn.Module):
    """StarGAN v2's generator for 256 pixels (Choi et al. 2020), without its wing of landmarks."""

    def __init__(self, style: int = 64) -> None:
        super().__init__()
        widths = [64, 128, 256, 512, 512]
        pairs = list(zip(widths, widths[1:], strict=False))
        self.style = style
        self.start = nn.Conv2d(3, 64, 3, padding=1)
        self.encode = nn.ModuleList(
            [StarBlock(*pair, 0.5) for pair in pairs] + [StarBlock(512, 512, 1) for _ in "ab"]
        )
        self.decode = nn.ModuleList(
            [StarBlock(512, 512, 1, style) for _ in "ab"]
            + [StarBlock(made, given, 2, style) for given, made in reversed(pairs)]
        )
        self.end = nn.Sequential(
            nn.InstanceNorm2d(64, affine=True), nn.LeakyReLU(0.2), nn.Conv2d(64, 3, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, 3, h, w) stays; the style is fixed."""
        style = torch.ones(len(x), self.style)
        x = self.start(x)
        for block in self.encode:
            x = block(x)
        for block in self.decode:
            x = block(x, style)
        return self.end(x)


class _Layer(nn.Sequential):
    """Convolution, batch norm, ReLU."""

    def __init__(self, given: int, made: int, dilation: int = 1) -> None:
        super().__init__(
            nn.Conv2d(given, made, 3, padding=dilation, dilation=dilation),
            nn.BatchNorm2d(made),
            nn.ReLU(),
        )


def _like(x: Tensor, other: Tensor) -> Tensor:
    return F.interpolate(x, size=other.shape[2:], mode="bilinear", align_corners=False)


class ResidualU(nn.Module):
    """A U inside a residual block: RSU-`depth`, or with dilations in place of pooling (RSU-4F)."""

    def __init__(self, depth: int, given: int, inner: int, made: int, flat: bool = False) -> None:
        super().__init__()
        self.flat = flat
        steps = [2**place if flat else 1 for place in range(depth)]
        self.start = _Layer(given, made)
        self.down = nn.ModuleList(
            _Layer(inner if place else made, inner, steps[place]) for place in range(depth - 1)
        )
        self.bottom = _Layer(inner, inner, steps[-1] if flat else 2)
        self.up = nn.ModuleList(
            _Layer(2 * inner, inner if place else made, steps[place])
            for place in reversed(range(depth - 1))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Take (n, given, h, w) to (n, made, h, w)."""
        start = x = self.start(x)
        seen = []
        for place, layer in enumerate(self.down):
            if place and not self.flat:
                x = F.max_pool2d(x, 2, ceil_mode=True)
            x = layer(x)
            seen.append(x)
        x = self.bottom(x)
        for layer in self.up:
            beside = seen.pop()
            x = layer(torch.cat([_like(x, beside) if not self.flat else x, beside], 1))
        return x + start


class U2Net(nn.Module):
    """U²-Net (Qin et al. 2020), the matte network of rembg; its fused output alone."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            [
                ResidualU(7, 3, 32, 64),
                ResidualU(6, 64, 32, 128),
                ResidualU(5, 128, 64, 256),
                ResidualU(4, 256, 128, 512),
                ResidualU(4, 512, 256, 512, flat=True),
                ResidualU(4, 512, 256, 512, flat=True),
            ]
        )
        self.up = nn.ModuleList(
            [
                ResidualU(4, 1024, 256, 512, flat=True),
                ResidualU(4, 1024, 128, 256),
                ResidualU(5, 512, 64, 128),
                ResidualU(6, 256, 32, 64),
                ResidualU(7, 128, 16, 64),
            ]
        )
        widths = (512, 512, 256, 128, 64, 64)
        self.sides = nn.ModuleList(nn.Conv2d(width, 1, 3, padding=1) for width in widths)
        self.fuse = nn.Conv2d(6, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Take (n, 3, h, w) to mattes (n, 1, h, w) in [0, 1]."""
        photo, seen = x, []
        for place, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2, ceil_mode=True) if place else x)
            seen.append(x)
        made = [seen.pop()]
        for block in self.up:
            beside = seen.pop()
            made.append(block(torch.cat([_like(made[-1], beside), beside], 1)))
        each = [
            _like(side(picture), photo) for side, picture in zip(self.sides, made, strict=True)
        ]
        return torch.sigmoid(self.fuse(torch.cat(each, 1)))


NETWORKS = {
    "CycleGAN, ResNet-9": (lambda: resnet_generator(halvings=2), (256, 256)),
    "pix2pixHD, global generator": (lambda: resnet_generator(halvings=4), (512, 1024)),
    "StarGAN v2": (StarGenerator, (256, 256)),
    "U²-Net (matte alone)": (U2Net, (320, 320)),
}
"""What makes each, and the height and width that its paper gives it."""
