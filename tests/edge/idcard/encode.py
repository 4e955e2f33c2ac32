"""How tests write DER: elements, keys with their curve named or written out, names of algorithms. Right and wrong ones."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.idcard.curves import CURVES

SHA1, SHA224, SHA256, SHA384, SHA512 = (
    hashes.SHA1(),
    hashes.SHA224(),
    hashes.SHA256(),
    hashes.SHA384(),
    hashes.SHA512(),
)
HASH_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
SIGNATURE_OIDS = {
    "ecdsa": {
        "sha1": "1.2.840.10045.4.1",
        "sha224": "1.2.840.10045.4.3.1",
        "sha256": "1.2.840.10045.4.3.2",
        "sha384": "1.2.840.10045.4.3.3",
        "sha512": "1.2.840.10045.4.3.4",
    },
    "rsa": {
        "sha1": "1.2.840.113549.1.1.5",
        "sha224": "1.2.840.113549.1.1.14",
        "sha256": "1.2.840.113549.1.1.11",
        "sha384": "1.2.840.113549.1.1.12",
        "sha512": "1.2.840.113549.1.1.13",
    },
}
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    head = tag.to_bytes((tag.bit_length() + 7) // 8)
    if len(content) < 0x80:
        return head + bytes([len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return head + bytes([0x80 | len(size)]) + size + content


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def oid(dotted: str) -> bytes:
    first, second, *others = map(int, dotted.split("."))
    octets = bytearray()
    for arc in (first * 40 + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, 0x80 | arc & 0x7F)
        octets += bytes(groups)
    return tlv(0x06, bytes(octets))


def bits(value: bytes) -> bytes:
    return tlv(0x03, b"\0", value)


def utc_time(moment: datetime) -> bytes:
    return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


@cache
def ec_key(which: str = "", curve: type[ec.EllipticCurve] = ec.BrainpoolP256R1) -> ec.EllipticCurvePrivateKey:
    """The key of that name, one per process."""
    return ec.generate_private_key(curve())


@cache
def rsa_key(which: str = "", size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


def spki(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def explicit_spki(key: ec.EllipticCurvePrivateKey, **changed: int | bytes | None) -> bytes:
    """The key with its curve written out, each parameter of it open to change; a cofactor of None is left out."""
    curve = CURVES[key.curve.name]
    size = (curve.p.bit_length() + 7) // 8
    said: Mapping[str, object] = {
        "version": 1,
        "p": curve.p,
        "a": curve.a.to_bytes(size),
        "b": curve.b.to_bytes(size),
        "generator": b"\x04" + curve.gx.to_bytes(size) + curve.gy.to_bytes(size),
        "n": curve.n,
        "cofactor": curve.h,
        "field": oid("1.2.840.10045.1.1"),
    } | changed
    number = {name: integer(value) for name, value in said.items() if isinstance(value, int)}
    octets = {name: value for name, value in said.items() if isinstance(value, bytes)}
    parameters = seq(
        number["version"],
        seq(octets["field"], number["p"]),
        seq(tlv(0x04, octets["a"]), tlv(0x04, octets["b"])),
        tlv(0x04, octets["generator"]),
        number["n"],
        number.get("cofactor", b""),
    )
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return seq(seq(oid("1.2.840.10045.2.1"), parameters), bits(point))


def hash_id(function: hashes.HashAlgorithm) -> bytes:
    return seq(oid(HASH_OIDS[function.name]), tlv(0x05))


def pss_id(function: hashes.HashAlgorithm, masking: hashes.HashAlgorithm | None = None) -> bytes:
    mask = seq(oid("1.2.840.113549.1.1.8"), hash_id(masking or function))
    salt = integer(function.digest_size)
    return seq(
        oid("1.2.840.113549.1.1.10"),
        seq(tlv(0xA0, hash_id(function)), tlv(0xA1, mask), tlv(0xA2, salt)),
    )


def algorithm_id(kind: str, function: hashes.HashAlgorithm) -> bytes:
    """`kind` is "ecdsa", "rsa", "bare" (rsaEncryption, as CMS has it) or "pss"."""
    if kind == "pss":
        return pss_id(function)
    if kind == "bare":
        return seq(oid("1.2.840.113549.1.1.1"), tlv(0x05))
    return seq(oid(SIGNATURE_OIDS[kind][function.name]), tlv(0x05) if kind == "rsa" else b"")


def sign(key: PrivateKey, kind: str, function: hashes.HashAlgorithm, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(function))
    filling: padding.AsymmetricPadding = padding.PKCS1v15()
    if kind == "pss":
        filling = padding.PSS(padding.MGF1(function), function.digest_size)
    return key.sign(data, filling, function)
