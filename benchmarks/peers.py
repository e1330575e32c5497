"""python -m benchmarks.peers: what others' recolouring costs on one core, beside ours.

Networks run in ONNX Runtime with one thread at the size of their papers, once per picture, without
decoding or encoding; closed forms run on a whole photo. Ours is a whole request: decoded,
analysed, eight variants made, measured and encoded. Each in a process of its own; medians of five
rounds of processor time.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import speed
from benchmarks.speed import fresh, peak_mib

RESULTS = Path(__file__).resolve().parent / "results"
ROUNDS = 5
VARIANTS, MEGAPIXELS = 8, 4
OURS = "ours, whole request"
CLOSED = ("Lab shift, scikit-image", "HSV shift, OpenCV", "Color3DLUT 33³, Pillow")


def main() -> None:
    """Measure each, print the table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.child)))
        return
    from benchmarks.report import Table, number, write

    # Not imported here: a process begins with the peak of the one that starts it, torch and all.
    names = (OURS, *CLOSED, *fresh("-c", NAMES))
    found = {name: fresh("-m", "benchmarks.peers", "--child", name) for name in names}
    table = Table(
        "Peers on one core",
        (
            "",
            "parameters, M",
            "pixels",
            "ms a picture",
            "÷ ours",
            "÷ ours, per pixel",
            "peak, MiB",
        ),
        note=f"Ours: {MEGAPIXELS} megapixels, {VARIANTS} variants, per variant. Others without"
        " decoding, analysis, measuring or encoding.",
    )
    own = found[OURS]
    for name, each in found.items():
        table.add(
            name,
            number(each["parameters"] / 1e6, 1, 1) if each["parameters"] else "–",
            each["size"],
            number(each["ms"], ROUNDS, 0),
            number(each["ms"] / own["ms"], ROUNDS, 2),
            number(each["ms"] / each["pixels"] * own["pixels"] / own["ms"], ROUNDS, 2),
            number(each["peak_mib"], 1, 0),
        )
    write([table], RESULTS, "peers", {"machine": f"{os.cpu_count()} cores, one thread used"})
    print(table.markdown())


def measure(name: str) -> dict:
    """Milliseconds of processor time of one picture, its size, parameters, peak memory."""
    find = _closed if name in (OURS, *CLOSED) else _network
    work, size, parameters = find(name)
    work()
    spent = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - begun))
    height, width = size
    each = statistics.median(spent) / (VARIANTS if name == OURS else 1)
    return {
        "ms": each,
        "pixels": height * width,
        "size": f"{width} × {height}",
        "parameters": parameters,
        "peak_mib": peak_mib(),
    }


def _network(name: str) -> tuple[Callable[[], object], tuple[int, int], int]:
    """A network of the papers, exported; this process never holds its weights in torch."""
    import numpy as np
    import onnxruntime as ort

    with tempfile.TemporaryDirectory(prefix="oscar-gan-peers-") as folder:
        path = Path(folder) / "network.onnx"
        height, width, parameters = fresh("-c", EXPORT, name, str(path))
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    photo = np.random.default_rng(0).random((1, 3, height, width), np.float32)
    given = session.get_inputs()[0].name
    return lambda: session.run(None, {given: photo}), (height, width), parameters


NAMES = """
import json
from benchmarks.peer_networks import NETWORKS
print(json.dumps(list(NETWORKS)))
"""
EXPORT = """
import json, sys, torch
from benchmarks.peer_networks import NETWORKS
make, size = NETWORKS[sys.argv[1]]
network = make().eval()
photo = torch.rand(1, 3, *size)
torch.onnx.export(network, (photo,), sys.argv[2], dynamo=True, external_data=False, verbose=False)
print(json.dumps([*size, sum(each.numel() for each in network.parameters())]))
"""


def _closed(name: str) -> tuple[Callable[[], object], tuple[int, int], int]:
    """A whole request of ours, or one of the closed forms on a whole photo."""
    import cv2
    import numpy as np
    from PIL import Image, ImageFilter

    from oscar_gan import engine

    cv2.setNumThreads(1)
    width, height = speed.SIZES[MEGAPIXELS]
    data = speed.synthetic_photo(width, height, 50, "JPEG")
    pixels = engine.read_photo(data).pixels
    shape = pixels.shape[:2]
    if name == OURS:
        generator = engine.open_generator("recolour")
        return lambda: speed.one_round(engine, generator, data, VARIANTS), shape, 0

    def lab() -> object:
        from skimage import color

        return color.lab2rgb(color.rgb2lab(pixels) + [5.0, 20.0, -30.0])

    def hsv() -> object:
        shifted = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
        shifted[..., 0] = (shifted[..., 0].astype(np.uint16) + 60) % 180
        return cv2.cvtColor(shifted, cv2.COLOR_HSV2RGB)

    image = Image.fromarray(pixels)
    table = ImageFilter.Color3DLUT.generate(33, lambda r, g, b: (b, r, g))
    works = dict(zip(CLOSED, (lab, hsv, lambda: image.filter(table)), strict=True))
    return works[name], shape, 0


if __name__ == "__main__":
    main()
