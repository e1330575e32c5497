"""C2PA signing with a certificate chain made here."""

import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from oscar_gan.errors import CredentialsUnusable
from oscar_gan.imaging.credentials import Certificate, sign

c2pa = pytest.importorskip("c2pa", reason="needs the extra c2pa")
x509 = pytest.importorskip("cryptography.x509", reason="needs cryptography to make a certificate")


def jpeg(colour):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return file.getvalue()


def issue(subject, *, issuer=None, issuer_key=None, authority):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Dyeworks"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, subject),
        ]
    )
    now = datetime.now(timezone.utc)
    signing_key = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if not authority:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    return builder.sign(signing_key, hashes.SHA256()), key


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    root, root_key = issue("Dyeworks root", authority=True)
    leaf, key = issue("Dyeworks pictures", issuer=root, issuer_key=root_key, authority=False)
    folder = tmp_path_factory.mktemp("certificate")
    chain, private_key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    private_key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Certificate(chain, private_key)


def signed(certificate):
    return sign(
        jpeg("navy"),
        content_type="image/jpeg",
        source=jpeg("red"),
        source_type="image/jpeg",
        digital_source_type="compositeWithTrainedAlgorithmicMedia",
        certificate=certificate,
    )


def read(data):
    with c2pa.Reader("image/jpeg", io.BytesIO(data)) as reader:
        return json.loads(reader.json())


def test_a_signed_picture_says_how_it_was_made(certificate):
    report = read(signed(certificate))
    manifest = report["manifests"][report["active_manifest"]]
    actions = [
        action
        for assertion in manifest["assertions"]
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    adjusted = next(a for a in actions if a["action"] == "c2pa.color_adjustments")
    assert adjusted["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert [i["relationship"] for i in manifest["ingredients"]] == ["parentOf"]
    assert report["validation_state"] == "Valid"


def test_changing_one_byte_of_the_picture_is_noticed(certificate):
    data = bytearray(signed(certificate))
    data[-10] ^= 1
    assert read(bytes(data))["validation_state"] == "Invalid"


def test_the_signature_costs_less_than_fifteen_kilobytes(certificate):
    assert len(signed(certificate)) < len(jpeg("navy")) + 15_000


def test_a_missing_certificate_is_named(tmp_path):
    missing = Certificate(tmp_path / "none.pem", tmp_path / "none.key")
    with pytest.raises(CredentialsUnusable, match="none.pem"):
        signed(missing)
