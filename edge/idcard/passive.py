"""Passive authentication: that the files are those that were signed, and by whom (ICAO Doc 9303-11, 5.1)."""

from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.constant_time import bytes_eq

from edge.idcard.card import Issuer
from edge.idcard.errors import TamperedError
from edge.idcard.groups import Group
from edge.idcard.sod import Sod, parse_sod
from edge.idcard.trust import TrustStore


def listed(sod: bytes) -> frozenset[int]:
    """Return the numbers of the data groups whose hashes EF.SOD lists, not verified; UnreadableError as `parse_sod`."""
    return frozenset(parse_sod(sod).listed.by_group)


def verify(sod: bytes, groups: Mapping[Group, bytes], trust: TrustStore | None, moment: datetime) -> Issuer:
    """Insist that each of `groups`, whole files, is the one that was signed, and that the signer is believed.

    `moment` is now, and must be aware of its zone. A card without a signing time counts as signed at that moment, as does
    one that says it was signed later. Without a store nothing is said of the signer: Issuer.NOT_CHECKED.
    TamperedError when a group differs or is not listed, the signature is wrong or its certificate may not sign;
    ForeignIssuerError, IssuerRevokedError, IssuerExpiredError as `TrustStore.check`; UnreadableError as `parse_sod`.
    """
    read = parse_sod(sod)
    _signature_holds(read)
    for group, data in groups.items():
        _group_holds(read, group, data)
    if trust is None:
        return Issuer.NOT_CHECKED
    signature = read.signature
    trust.check(signature.signer, at=min(signature.signing_time or moment, moment))
    return Issuer.VERIFIED


def _signature_holds(sod: Sod) -> None:
    signature = sod.signature
    if not bytes_eq(_hash(signature.digest, sod.content), signature.message_digest):
        raise TamperedError("EF.SOD: the list of hashes is not the one that was signed")
    if not signature.signer.may_sign:
        raise TamperedError("EF.SOD: the certificate of the signer does not allow to sign")
    if not signature.scheme.holds(signature.signer.key, signature.value, signature.signed):
        raise TamperedError("EF.SOD: the signature is wrong")


def _group_holds(sod: Sod, group: Group, data: bytes) -> None:
    signed = sod.listed.by_group.get(group)
    if signed is None:
        raise TamperedError(f"{group.name} is not among the groups that were signed")
    if not bytes_eq(_hash(sod.listed.function, data), signed):
        raise TamperedError(f"{group.name} is not the one that was signed")


def _hash(function: hashes.HashAlgorithm, data: bytes) -> bytes:
    hashing = hashes.Hash(function)
    hashing.update(data)
    return hashing.finalize()
