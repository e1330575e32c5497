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
        values = {name: getattr(self, name) for name in ATTRIBUTES}
        values["digital_source_type"] = SOURCE_TYPES + self.digital_source_type
        body = "\n   ".join(f"{ATTRIBUTES[k]}={quoteattr(v)}" for k, v in values.items())
        tool = quoteattr(f"django-oscar-gan {self.generator} {self.version}")
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
            ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
            '  <rdf:Description rdf:about=""\n'
            '   xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
            '   xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"\n'
            f'   xmlns:oscargan="{NAMESPACE}"\n'
            f"   xmp:CreatorTool={tool}\n"
            f"   {body}/>\n"
            " </rdf:RDF>\n"
            "</x:xmpmeta>\n"
            '<?xpacket end="w"?>'
        ).encode()


def read_provenance(data: bytes) -> dict[str, str]:
    """Read back what `Provenance` wrote into a picture; empty when it holds none of it."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.format == "PNG":
                image.load()  # PNG text may follow the pixels
            packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    except DECODING_ERRORS as error:
        raise UnusablePhoto(f"The picture cannot be read ({error}). Upload it again.") from error
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else packet
    found = {}
    for name, attribute in ATTRIBUTES.items():
        if match := re.search(rf"{attribute}=(?:\"([^\"]*)\"|'([^']*)')", text):
            found[name] = html.unescape(match[1] if match[1] is not None else match[2])
    if "digital_source_type" in found:
        found["digital_source_type"] = found["digital_source_type"].removeprefix(SOURCE_TYPES)
    return found
