"""Files that somebody broke, by accident or on purpose: read whole, or refused in plain words."""

from __future__ import annotations

from hypothesis import strategies as st

from oscar_gan.imaging import credentials
from oscar_gan.imaging.header import Limits
from oscar_gan.imaging.layers import read_layers
from oscar_gan.imaging.photo import read_photo
from oscar_gan.imaging.provenance import mark_of, read_provenance
from oscar_gan.inference.analyser import WEIGHTS, read_manifest
from oscar_gan.inference.onnx import read_weights
from oscar_gan.services.colourways.tables import read_table

from . import damage
from .trying import attempt, with_many

LIMITS = Limits(max_bytes=100_000, max_pixels=1_000_000, max_side=4000)
TABLE = b'name;colour;finish\nNavy;#24345C;matt\n"Sea ""blue""";24,5 -3,1 -20;\n'
SWATCHES = (
    b"ASEF\0\1\0\0\0\0\0\3\xc0\1\0\0\0\6\0\2\0A\0\0"
    b"\0\1\0\0\0\x18\0\2\0B\0\0RGB \x3f\0\0\0\x3f\x80\0\0\0\0\0\0\0\2\xc0\2\0\0\0\0"
)
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/tiff")


@with_many(data=damage.damaged(st.sampled_from(damage.photos())))
def test_photos(data):
    photo = attempt(read_photo, data, limits=LIMITS)
    if photo is not None:
        assert photo.pixels.shape == (photo.height, photo.width, 3)
        assert photo.width * photo.height <= LIMITS.max_pixels
        assert photo.alpha is None or photo.alpha.shape == (photo.height, photo.width)


@with_many(data=damage.damaged(st.sampled_from(damage.photos())))
def test_what_pictures_say_of_themselves(data):
    said = attempt(read_provenance, data)
    assert said is None or all(isinstance(value, str) for value in said.values())


@with_many(packet=damage.damaged(st.sampled_from([b"", b"<Iptc4xmpExt:DigitalSourceType>a</"])))
def test_xmp_packets(packet):
    mark = attempt(mark_of, packet)
    assert mark_of(mark) == mark


@with_many(
    data=damage.damaged(st.sampled_from(damage.photos())),
    content_type=st.sampled_from(CONTENT_TYPES),
)
def test_content_credentials(data, content_type):
    found = attempt(credentials.check, data, content_type=content_type)
    assert found in (credentials.NONE, credentials.BROKEN, credentials.UNCHECKED)


@with_many(data=damage.damaged(st.just(damage.layers())))
def test_outlines(data):
    layers = attempt(read_layers, data, (48, 40))
    assert layers is None or layers.shape == (40, 48)


@with_many(
    data=damage.damaged(
        st.sampled_from([TABLE, TABLE.replace(b";", b","), b"name\tcolour\nA\t", SWATCHES])
    )
    | st.text().map(lambda text: text.encode("utf-16"))
)
def test_tables_of_colours(data):
    table = attempt(read_table, data)
    for row in table.rows if table else ():
        assert row.name
        assert row.colour.startswith("#")


@with_many(data=damage.damaged(st.just((WEIGHTS / "manifest.json").read_bytes())))
def test_manifests_of_weights(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    (folder / "manifest.json").write_bytes(data)
    attempt(read_manifest, folder)


@with_many(position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_weights_with_one_bit_changed_never_load(position, bit, tmp_path_factory):
    path, digest = next(iter(read_manifest().values())).analyser
    data = bytearray(path.read_bytes())
    data[int(position * len(data))] ^= 1 << bit
    other = tmp_path_factory.mktemp("weights") / path.name
    other.write_bytes(data)
    assert attempt(read_weights, other, digest) is None
    other.unlink()
