"""Say in the file what it is: IPTC digital source type, generator and recipe, as XMP."""

import html
import io
import re
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from PIL import Image

from ..errors import UnusablePhoto
from .header import FORMATS
from .photo import DECODING_ERRORS

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a real photo with parts changed by a trained model."""
NAMESPACE = "https://django-oscar-gan.readthedocs.io/ns/1.0/"
ATTRIBUTES = {
    "digital_source_type": "Iptc4xmpExt:DigitalSourceType",
    "generator": "oscargan:Generator",
    "version": "oscargan:Version",
    "recipe": "oscargan:Recipe",
    "source": "oscargan:Source",
    "colour": "oscargan:Colour",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a picture comes from."""

    generator: str
    version: str
    recipe: str
    """Digest of everything that determined the result."""
    source: str
    """SHA-256 of the source file."""
    colour: str
    """What was asked for, '#RRGGBB'."""
    digital_source_type: str = COMPOSITE
    """A term of the IPTC NewsCodes vocabulary."""

    def xmp(self) -> bytes:
        """Return the XMP packet."""
        return _packet({name: getattr(self, name) for name in ATTRIBUTES})


def mark_of(packet: bytes) -> bytes:
    """The part of an XMP packet that may go into copies; empty without a digital source type.

    That is what `Provenance` writes, and of other people's packets the digital source type alone:
    names, places and editing history stay behind.
    """
    values = _values(packet)
    if values.get("digital_source_type", "").isalpha():
        return _packet(values)
    return b""


def _packet(values: dict[str, str]) -> bytes:
    values = {**values, "digital_source_type": SOURCE_TYPES + values["digital_source_type"]}
    if "generator" in values:
        tool = f"django-oscar-gan {values['generator']} {values.get('version', '')}".rstrip()
        values = {"tool": tool, **values}
    names = {"tool": "xmp:CreatorTool", **ATTRIBUTES}
    body = "\n   ".join(f"{names[k]}={quoteattr(v)}" for k, v in values.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about=""\n'
        '   xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        '   xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"\n'
        f'   xmlns:oscargan="{NAMESPACE}"\n'
        f"   {body}/>\n"
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


def read_packet(data: bytes) -> bytes:
    """The XMP packet of a picture as it stands there; empty without one."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.format == "PNG":
                image.load()  # PNG text may follow the pixels
            packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    except DECODING_ERRORS as error:
        raise UnusablePhoto(f"The picture cannot be read ({error}). Upload it again.") from error
    return packet if isinstance(packet, bytes) else packet.encode()


def read_provenance(data: bytes) -> dict[str, str]:
    """Read back what `Provenance` wrote into a picture; empty when it holds none of it."""
    return _values(read_packet(data))


def _values(packet: bytes) -> dict[str, str]:
    """What a packet says under our names, whether it stands in attributes or in elements."""
    text = packet.decode("utf-8", "replace")
    found = {}
    for name, term in ATTRIBUTES.items():
        forms = rf"{term}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')|<{term}>([^<]*)</{term}>"
        if match := re.search(forms, text):
            found[name] = html.unescape(next(each for each in match.groups() if each is not None))
    if "digital_source_type" in found:
        term = found["digital_source_type"].strip()
        found["digital_source_type"] = term.removeprefix(SOURCE_TYPES)
    return found
