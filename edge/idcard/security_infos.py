"""SecurityInfos: which protocols a chip speaks, with which keys (ICAO Doc 9303-11, 9.2; EF.CardAccess and data group 14).

What this terminal does not speak (Terminal Authentication, finite-field Diffie-Hellman, other mappings) is passed over.
"""

from dataclasses import dataclass
from typing import Final

from edge.idcard import der
from edge.idcard.ciphers import Suite
from edge.idcard.errors import UnreadableError

MAX_INFOS: Final = 64
MAX_NUMBER: Final = 0xFFFFFFFF

_PACE_ECDH_GM: Final = "0.4.0.127.0.7.2.2.4.2"
_CA_ECDH: Final = "0.4.0.127.0.7.2.2.3.2"
_PK_ECDH: Final = "0.4.0.127.0.7.2.2.1.2"
_AA: Final = "2.23.136.1.1.5"
_DG14: Final = 0x6E
_PACE_VERSION: Final = 2
_CA_VERSION: Final = 1
_AA_VERSION: Final = 1
_SUITES: Final = {str(suite.number): suite for suite in Suite}
_ECDSA_HASHES: Final = {
    "0.4.0.127.0.7.1.1.4.1.1": "sha1",
    "0.4.0.127.0.7.1.1.4.1.2": "sha224",
    "0.4.0.127.0.7.1.1.4.1.3": "sha256",
    "0.4.0.127.0.7.1.1.4.1.4": "sha384",
    "0.4.0.127.0.7.1.1.4.1.5": "sha512",
}
"""ecdsa-plain-SHA1 and so on (BSI TR-03111, 5.2.1.1)."""


@dataclass(frozen=True, slots=True)
class PaceInfo:
    """PACE-ECDH-GM with AES. `parameter_id`: a number of `curves.PACE_CURVES`, or one that this terminal has no curve for."""

    suite: Suite
    parameter_id: int


@dataclass(frozen=True, slots=True)
class ChipAuthenticationInfo:
    """Chip Authentication version 1 with ECDH; `key_id` None: there is one key."""

    suite: Suite
    key_id: int | None


@dataclass(frozen=True, slots=True)
class ChipAuthenticationKey:
    """A public key for Chip Authentication: its SubjectPublicKeyInfo, in DER."""

    spki: bytes
    key_id: int | None


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    """What is understood, each in the order of the file; `active_hash`: what DG14 says of Active Authentication by ECDSA."""

    pace: tuple[PaceInfo, ...] = ()
    chip_authentications: tuple[ChipAuthenticationInfo, ...] = ()
    chip_keys: tuple[ChipAuthenticationKey, ...] = ()
    active_hash: str | None = None


def parse_card_access(data: bytes) -> SecurityInfos:
    """Read EF.CardAccess. UnreadableError when it is damaged."""
    return _parse(der.parse(data, "EF.CardAccess"))


def parse_dg14(data: bytes) -> SecurityInfos:
    """Read data group 14. UnreadableError when it is damaged."""
    children = der.parse(data, "DG14").expect(_DG14).children()
    infos = _parse(children.take(der.SET))
    children.end()
    return infos


def _parse(infos: der.Element) -> SecurityInfos:
    elements = infos.expect(der.SET).children().rest()
    if len(elements) > MAX_INFOS:
        raise UnreadableError(f"{infos.file}: more than {MAX_INFOS} SecurityInfos")
    understood = [_read(element) for element in elements]
    return SecurityInfos(
        tuple(info for info in understood if isinstance(info, PaceInfo)),
        tuple(info for info in understood if isinstance(info, ChipAuthenticationInfo)),
        tuple(info for info in understood if isinstance(info, ChipAuthenticationKey)),
        next((info for info in understood if isinstance(info, str)), None),
    )


def _read(element: der.Element) -> PaceInfo | ChipAuthenticationInfo | ChipAuthenticationKey | str | None:
    """Read one SecurityInfo: what it is, what it must hold, what it may; None when it is not understood."""
    children = element.sequence()
    kind = children.take().oid()
    required = children.take()
    optional = next(iter(children.rest()), None)
    family, _, last = kind.rpartition(".")
    if kind == _PK_ECDH:
        return ChipAuthenticationKey(required.expect(der.SEQUENCE).whole, _number(optional))
    if kind == _AA:
        return _active_hash(required, optional)
    suite = _SUITES.get(last)
    if suite is None or family not in {_PACE_ECDH_GM, _CA_ECDH}:
        return None
    version, number = required.integer(), _number(optional)
    if family == _CA_ECDH:
        return ChipAuthenticationInfo(suite, number) if version == _CA_VERSION else None
    if version != _PACE_VERSION or number is None or suite is Suite.TDES:
        return None
    return PaceInfo(suite, number)


def _active_hash(version: der.Element, algorithm: der.Element | None) -> str | None:
    if version.integer() != _AA_VERSION or algorithm is None:
        return None
    return _ECDSA_HASHES.get(algorithm.oid())


def _number(element: der.Element | None) -> int | None:
    if element is None:
        return None
    number = element.integer()
    if not 0 <= number <= MAX_NUMBER:
        raise UnreadableError(f"{element.file}: a key or parameter number out of range")
    return number
