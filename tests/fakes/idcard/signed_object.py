"""The document security object: the issuer's signature over the hashes of the groups (ICAO Doc 9303-10, 4.6.2; RFC 5652)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.idcard import ber
from tests.fakes.idcard.certificates import Signer

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
LDS_SECURITY_OBJECT: Final = "2.23.136.1.1.1"
SHA256: Final = ber.sequence(ber.oid("2.16.840.1.101.3.4.2.1"))
ECDSA_WITH_SHA256: Final = ber.sequence(ber.oid("1.2.840.10045.4.3.2"))


def security_object(groups: Mapping[int, bytes], signer: Signer, signed_at: datetime | None = None) -> bytes:
    """EF.SOD over these groups; `signed_at` is told in it only if given."""
    return ber.tlv(0x77, signed_data(_hash_list(groups), signer, signed_at))


def signed_data(content: bytes, signer: Signer, signed_at: datetime | None = None) -> bytes:
    """The CMS ContentInfo around an LDSSecurityObject, with the signer's certificate."""
    information = ber.sequence(ber.oid(LDS_SECURITY_OBJECT), ber.tlv(0xA0, ber.octets(content)))
    data = ber.sequence(
        ber.integer(3),
        ber.set_of(SHA256),
        information,
        ber.tlv(0xA0, signer.certificate_der),
        ber.set_of(_signer_info(content, signer, signed_at)),
    )
    return ber.sequence(ber.oid(SIGNED_DATA), ber.tlv(0xA0, data))


def _hash_list(groups: Mapping[int, bytes]) -> bytes:
    hashed = (
        ber.sequence(ber.integer(number), ber.octets(hashlib.sha256(data).digest()))
        for number, data in sorted(groups.items())
    )
    return ber.sequence(ber.integer(0), SHA256, ber.sequence(*hashed))


def _signer_info(content: bytes, signer: Signer, signed_at: datetime | None) -> bytes:
    attributes = [
        _attribute(CONTENT_TYPE, ber.oid(LDS_SECURITY_OBJECT)),
        _attribute(MESSAGE_DIGEST, ber.octets(hashlib.sha256(content).digest())),
    ]
    if signed_at is not None:
        attributes.append(_attribute(SIGNING_TIME, ber.utc_time(signed_at)))
    signed = ber.set_of(*attributes)
    certificate = signer.certificate
    return ber.sequence(
        ber.integer(1),
        ber.sequence(certificate.issuer.public_bytes(), ber.integer(certificate.serial_number)),
        SHA256,
        # signed as a SET, written as [0] (RFC 5652, 5.4)
        b"\xa0" + signed[1:],
        ECDSA_WITH_SHA256,
        ber.octets(signer.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
    )


def _attribute(kind: str, value: bytes) -> bytes:
    return ber.sequence(ber.oid(kind), ber.set_of(value))
