"""The authorities that a station believes: certificates of country signing authorities and their revocation lists.

Sources: ICAO Doc 9303-12, 4.2 (CSCA, link certificates), 6 (lists), 7.1; RFC 5280, 6.1. What is in the store is believed because
somebody put it there; a certificate that vouches for itself must still hold by itself, so that a damaged file is found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from types import MappingProxyType
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edge.idcard.certificates import (
    LIBRARY_ERRORS,
    Certificate,
    issuer_key_id,
    read_certificate,
    read_sealed,
)
from edge.idcard.errors import ForeignIssuerError, IssuerExpiredError, IssuerRevokedError, UnreadableError

MAX_CERTIFICATES: Final = 1000
MAX_LISTS: Final = 200
MAX_REVOKED: Final = 100_000
"""In one list."""
MAX_FILE_BYTES: Final = 8 * 1024 * 1024
_PEM: Final = b"-----BEGIN "
_LIST: Final = "revocation list"


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Authorities by name and key id, and the serial numbers that each has revoked, by its key."""

    authorities: tuple[Certificate, ...] = field(repr=False)
    revoked: Mapping[bytes, frozenset[int]] = field(repr=False)
    problems: tuple[str, ...] = ()
    """What was left out and why, by position from 1: "certificate 3: ..."; for the technician."""

    @classmethod
    def of(cls, certificates: Iterable[bytes], crls: Iterable[bytes] = ()) -> "TrustStore":
        """Build it of files, DER or PEM, several certificates in one PEM file allowed. Never fails: see `problems`."""
        problems: list[str] = []
        found = chain.from_iterable(
            _authorities(at, data, problems) for at, data in enumerate(certificates, start=1)
        )
        authorities = tuple(islice(found, MAX_CERTIFICATES))
        if next(found, None) is not None:
            problems.append(f"more than {MAX_CERTIFICATES} certificates: the rest is left out")
        revoked: dict[bytes, frozenset[int]] = {}
        for at, data in enumerate(crls, start=1):
            if at > MAX_LISTS:
                problems.append(f"more than {MAX_LISTS} revocation lists: the rest is left out")
                break
            try:
                key, serials = _revoked(data, authorities)
                revoked[key] = revoked.get(key, frozenset()) | serials
            except UnreadableError as error:
                problems.append(f"{_LIST} {at}: {error}")
        return cls(authorities, MappingProxyType(revoked), tuple(problems))

    def check(self, signer: Certificate, at: datetime) -> None:
        """Insist that an authority of the store issued the signer's certificate, and that both were valid then.

        ForeignIssuerError, IssuerRevokedError or IssuerExpiredError otherwise. An authority may have several
        certificates for one key; one that was valid is enough.
        """
        issuers = [one for one in self.authorities if _issued(one, signer)]
        if not issuers:
            raise ForeignIssuerError("no authority of the trust store issued the signer's certificate")
        if any(signer.serial in self.revoked.get(one.key_bytes, ()) for one in issuers):
            raise IssuerRevokedError("the signer's certificate was revoked")
        if not signer.is_valid_at(at):
            raise IssuerExpiredError("the signer's certificate was not valid when the card was signed")
        if not any(one.is_valid_at(at) for one in issuers):
            raise IssuerExpiredError("the authority's certificate was not valid when the card was signed")


def _issued(authority: Certificate, signer: Certificate) -> bool:
    claimed = authority.may_be_issuer(signer.issuer, signer.issuer_key_id)
    return claimed and signer.sealed.is_by(authority.key)


def _authorities(at: int, data: bytes, problems: list[str]) -> Iterator[Certificate]:
    """Yield what a file holds; what cannot be used is told in `problems`."""
    try:
        encoded = _encoded(data)
    except UnreadableError as error:
        problems.append(f"certificate {at}: {error}")
        return
    for one in encoded:
        try:
            yield _authority(one)
        except UnreadableError as error:
            problems.append(f"certificate {at}: {error}")


def _encoded(data: bytes) -> list[bytes]:
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(f"more than {MAX_FILE_BYTES} bytes")
    if _PEM not in data:
        return [data]
    try:
        return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(data)]
    except LIBRARY_ERRORS:
        raise UnreadableError("damaged PEM") from None


def _authority(data: bytes) -> Certificate:
    certificate = read_certificate(data)
    if not certificate.is_authority:
        raise UnreadableError("it may not sign certificates")
    if certificate.is_self_signed and not certificate.sealed.is_by(certificate.key):
        raise UnreadableError("its signature of itself is wrong")
    return certificate


def _revoked(data: bytes, authorities: tuple[Certificate, ...]) -> tuple[bytes, frozenset[int]]:
    """Return the key that signed a list and the serial numbers in it."""
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(f"more than {MAX_FILE_BYTES} bytes")
    try:
        listed = x509.load_pem_x509_crl(data) if _PEM in data else x509.load_der_x509_crl(data)
        sealed = read_sealed(listed.public_bytes(Encoding.DER), _LIST)
        issuer, key_id = listed.issuer, issuer_key_id(listed.extensions)
        if len(listed) > MAX_REVOKED:
            raise UnreadableError(f"more than {MAX_REVOKED} serial numbers")
        serials = frozenset(one.serial_number for one in listed)
    except LIBRARY_ERRORS:
        raise UnreadableError("damaged") from None
    for one in authorities:
        if one.may_sign_lists and one.may_be_issuer(issuer, key_id) and sealed.is_by(one.key):
            return one.key_bytes, serials
    raise UnreadableError("no authority of the store signed it")
