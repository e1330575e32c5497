"""Stand-ins for tests: a generator and a printer that make a picture in a millisecond."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import numpy as np

from oscar_gan.engine import Analysis


class Found(SimpleNamespace):
    """An analysis with the parts that a test needs."""

    material = Analysis.material


class StubGenerator:
    """Keeps the engine's promises without networks: paints the ball of `photo_bytes` anew.

    `palette` is what it finds in a photo; of several mapped colours it paints the first. `fail`
    maps a target colour to the exception that recolouring to it raises; `refuse` maps one to the
    Finding that refuses it; `before_recolour` is called with each target, so that a test can act
    in the middle of a request.
    """

    def __init__(self, name: str = "recolour", version: str = "stub", digest: str = "") -> None:
        self.name = name
        self.version = version
        self.digest = digest or hashlib.sha256(f"stub {name}".encode()).hexdigest()
        self.analysed = 0
        self.made: list[str] = []
        self.looks: list = []
        self.palette: tuple[tuple[str, float], ...] = (("#AF2430", 1.0),)
        self.fail: dict[str, Exception] = {}
        self.refuse: dict = {}
        self.before_recolour = lambda target: None

    @classmethod
    def of_weights(cls, folder, device="auto"):
        """Stands in for `engine.open_weights`: the stub of a folder's version and digest."""
        from oscar_gan.engine import digest_of_weights
        from oscar_gan.inference.analyser import read_manifest
        from oscar_gan.inference.onnx import read_weights

        registered = read_manifest(folder)["recolour"]
        for path, digest in registered.files.values():
            read_weights(path, digest)
        digests = {network: digest for network, (_path, digest) in registered.files.items()}
        version = registered.version
        return cls(version=version, digest=digest_of_weights(version, digests))

    def analyse(self, photo, *, matte=None, find_keep=True):
        self.analysed += 1
        if matte is None:
            matte = np.where(photo.pixels.min(axis=2) < 200, 255, 0).astype(np.uint8)
        return Found(
            matte=matte,
            keep=np.zeros_like(matte),
            swatch="#AF2430",
            palette=self.palette,
            coverage=float(matte.mean() / 255),
            findings=photo.notes,
        )

    def recolour(self, photo, analysis, target):
        from oscar_gan.engine import ColourMade, read_target

        wanted = read_target(analysis.palette, target)
        colours = tuple(
            ColourMade(base, colour, colour, 0.25)
            for (base, _), colour in zip(analysis.palette, wanted, strict=True)
            if colour
        )
        target = colours[0].target
        self.before_recolour(target)
        if target in self.fail:
            raise self.fail[target]
        self.made.append(target)
        return self._painted(photo, analysis, colours)

    def restyle(self, photo, analysis, look):
        """Paint the product in the look's first colour, or in grey where it has none."""
        from oscar_gan.engine import ColourMade

        self.looks.append(look)
        inks = look.tile.colours if hasattr(look, "tile") else getattr(look, "colours", ())
        colours = tuple(ColourMade(ink, ink, ink, 0.25) for ink in inks or ("#808080",))
        self.before_recolour(colours[0].target)
        if colours[0].target in self.fail:
            raise self.fail[colours[0].target]
        return self._painted(photo, analysis, colours)

    def _painted(self, photo, analysis, colours):
        from oscar_gan.engine import Assessment

        target = colours[0].target
        colour = np.array([int(target[i : i + 2], 16) for i in (1, 3, 5)])
        shade = photo.pixels.max(axis=2, keepdims=True) / 255
        inside = analysis.matte[..., None] > 127
        pixels = np.where(inside, shade * colour, photo.pixels).round().astype(np.uint8)
        assessment = Assessment(
            target=target,
            made=target,
            delta_e=0.25,
            colours=colours,
            structure=0.99,
            background_max=0,
            protected_max=0,
            noise_gain=1.0,
            warnings=(),
            refusal=self.refuse.get(target),
        )
        return SimpleNamespace(pixels=pixels, assessment=assessment)


class StubPrinter:
    """Prints stripes whose place follows from the design; counts what it printed."""

    version = "stub"
    digest = hashlib.sha256(b"stub printer").hexdigest()

    def __init__(self) -> None:
        self.printed: list = []
        self.fail: Exception | None = None

    def weights(self, design, *, side=512, inks=4):
        if self.fail:
            raise self.fail
        self.printed.append(design)
        first = (np.arange(side) + design.seed + sum(design.strays)) // (side // 8) % inks
        weights = np.zeros((side, side, inks), np.uint8)
        weights[np.arange(side), :, first] = 255
        return weights
