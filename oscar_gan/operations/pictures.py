"""Pictures: thumbnails, the weights that serve, and one picture made for real."""

from __future__ import annotations

import io
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer
from PIL import Image, ImageCms

from .. import engine
from ..conf import get_config
from ..engine.footprint import TARGET, peak_memory
from ..errors import OscarGanError
from ..inference.onnx import providers_in_use
from ..models import GeneratorVersion
from ..services import backends, benches, registry
from .files import written
from .findings import Finding, ok, problem, warning

MIB = 2**20
FIXED_NEED, NEED_PER_MEGAPIXEL = 200 * MIB, 17 * MIB
"""A worker's memory, measured (docs/imaging.md): 211 MiB at 4 megapixels, 530 at 24."""


def thumbnailer() -> Finding:
    """Whether Oscar's thumbnailer makes a thumbnail of a photo, and keeps its colour profile."""
    field = get_model("catalogue", "ProductImage")._meta.get_field("original")
    maker = get_thumbnailer()
    with written(field.storage, _photo(), ".jpg") as name:
        file = get_model("catalogue", "ProductImage")(original=name).original
        try:
            made = maker.generate_thumbnail(file, size="200x200", upscale=False)
            with made.storage.open(made.name, "rb") as stored:
                thumbnail = Image.open(io.BytesIO(stored.read()))
        except Exception as error:  # each thumbnailer has its own family
            fix = _("OSCAR_THUMBNAILER names it; its own settings and manage.py check say more.")
            return problem("thumbnailer", f"{type(maker).__name__}: {error}", fix)
        finally:
            with suppress(Exception):  # it says nothing that the attempt did not
                maker.delete_thumbnails(file)
    return _judged(type(maker).__name__, thumbnail)


def _judged(maker: str, thumbnail: Image.Image) -> Finding:
    found = f"{maker}: {thumbnail.width} x {thumbnail.height}"
    if max(thumbnail.size) != 200:
        fix = _("It should be 200 pixels wide: see the thumbnailer's settings.")
        return problem("thumbnailer", found, fix)
    if not thumbnail.info.get("icc_profile"):
        fix = _("THUMBNAIL_ENGINE = 'oscar_gan.thumbnails.ProvenanceEngine' keeps profiles.")
        return warning("thumbnailer", found + " " + _("without the photo's colour profile"), fix)
    return ok("thumbnailer", found)


def _photo() -> bytes:
    """A JPEG with a colour profile, 400 x 300."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(
        file, "JPEG", icc_profile=profile
    )
    return file.getvalue()


def serving() -> list[Finding]:
    """Whether every worker can get the weights of the versions that serve."""
    champions = GeneratorVersion.objects.filter(status=GeneratorVersion.Status.CHAMPION)
    # The printer's weights only ship with the package: `weights` looks at them.
    found = [_fetched(version) for version in champions.exclude(name="print")]
    return found or [ok("serving", _("no version yet; the first request enters the shipped one"))]


def _fetched(version: GeneratorVersion) -> Finding:
    try:
        registry.check_stored(version)
    except OscarGanError as error:
        return problem(
            "serving",
            str(error),
            _("Restore the file, or roll back: manage.py roll_back_generator"),
        )
    return ok("serving", f"{version} ({version.digest[:12]})")


def self_test() -> Finding:
    """Make one picture with the configured generator on the configured device."""
    config = get_config()
    started = time.perf_counter()
    try:
        generator = backends.open_generator(config.generator, device=config.device)
        photo = engine.read_photo(benches.open_bench().pictures[0].photo())
        generator.recolour(photo, generator.analyse(photo), TARGET)
    except OscarGanError as error:
        return problem("self-test", str(error), _fix_for(error.code))
    found = _("%(generator)s %(version)s: %(seconds).1f s, peak %(memory)d MiB, on %(where)s") % {
        "generator": generator.name,
        "version": generator.version,
        "seconds": time.perf_counter() - started,
        "memory": peak_memory() / MIB,
        "where": ", ".join(sorted(providers_in_use())) or "numpy",
    }
    if config.device == "auto" and _has_gpu() and not _on_gpu():
        fix = "pip install 'onnxruntime-gpu[cuda,cudnn]'"
        return warning("self-test", found + " " + _("although there is a GPU"), fix)
    return ok("self-test", found)


def _fix_for(code: str) -> str:
    return {
        "device-unavailable": _("pip install 'onnxruntime-gpu[cuda,cudnn]', or DEVICE: 'auto'"),
        "weights-mismatch": _("Reinstall django-oscar-gan; the weights come with it."),
    }.get(code, _("docs/settings.md: GENERATOR, GENERATORS and DEVICE"))


def _has_gpu() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def _on_gpu() -> bool:
    return any(name.startswith("CUDA") for name in providers_in_use())


def memory() -> Finding:
    """Whether this machine has what one worker needs for the largest photo it may read."""
    need = FIXED_NEED + NEED_PER_MEGAPIXEL * get_config().max_photo_pixels / 1e6
    there = machine_memory()
    found = _("%(there)d MiB here; one worker needs up to %(need)d MiB for a photo of"
              " %(pixels)d megapixels") % {
        "there": there / MIB,
        "need": need / MIB,
        "pixels": get_config().max_photo_pixels / 1e6,
    }  # fmt: skip
    if there >= need:
        return ok("memory", found)
    return warning("memory", found, _("More memory, or a lower MAX_PHOTO_PIXELS."))


def machine_memory(root: Path = Path("/")) -> float:
    """Bytes that processes here may use: the container's limit, else the machine's."""
    limits = [float("inf")]
    for name in ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = _text(root / name)
        limits += [float(text)] if text.strip().isdigit() else []
    if total := re.search(r"MemTotal:\s+(\d+) kB", _text(root / "proc/meminfo")):
        limits.append(1024.0 * int(total[1]))
    return min(limits)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
