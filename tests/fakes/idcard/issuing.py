"""The issuer: a person, a signature and a chip, made into a card. Keys are made once per process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.idcard import ber
from tests.fakes.idcard.authenticity import AgreementKey, SigningKey
from tests.fakes.idcard.certificates import (
    DSC_VALIDITY,
    PAST_VALIDITY,
    Signer,
    csca,
    document_signer,
    key_info,
    revocation_list,
)
from tests.fakes.idcard.chip import Content, VirtualChip
from tests.fakes.idcard.groups import Nesting, com, dg1, dg2, dg3, dg13
from tests.fakes.idcard.keys import Suite
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.pace import VIETNAMESE, Profile
from tests.fakes.idcard.people import AN, Person
from tests.fakes.idcard.portrait import portrait
from tests.fakes.idcard.signed_object import security_object

SOD_FID: Final = 0x011D
COM_FID: Final = 0x011E
ID_TERMINAL_AUTHENTICATION: Final = "0.4.0.127.0.7.2.2.2"
_DSC_SERIAL: Final = 1001

Aa = Literal["rsa", "ecdsa"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Personalisation:
    """What is put into the card, and what is wrong with it. The default is a whole card as Vietnam's are."""

    person: Person = AN
    zone_of: Person | None = None
    """Whose machine-readable zone DG1 has, if it is another's than the rest."""
    with_photo: bool = True
    nesting: Nesting = Nesting.SIBLINGS
    pace: bool = True
    profile: Profile = VIETNAMESE
    card_access: bytes | None = None
    """Instead of what the profile gives, which by default is what Vietnamese cards have."""
    bac: bool = True
    ca: bool = True
    ca_suite: Suite = Suite.AES_128
    ca_key_id: int | None = None
    aa: Aa | None = "ecdsa"
    aa_digest: str = "sha256"
    """Of RSA: sha1, sha224, sha256, sha384 or sha512."""
    explicit_parameters: bool = False
    """All curves are written out: in the certificates, DG14 and DG15."""
    signed_at: datetime | None = None
    """Told in the security object."""
    cloned: bool = False
    """The chip has other private keys than those whose public ones were signed."""
    foreign: bool = False
    """Signed under another authority of the same name than the one that is handed out."""
    dsc_expired: bool = False
    """The signer's certificate ended in May 2020."""
    revoked: bool = False
    """The signer's certificate is on the revocation list."""
    tampered: int | None = None
    """The number of a group whose last octet is not the one that was signed."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What a station would have in its trust store, DER; and the signer's certificate."""

    csca_der: bytes
    crl_der: bytes
    dsc_der: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCard:
    """A card in the hand: the chip, whose it is, and what its files are."""

    chip: VirtualChip
    authority: Authority
    person: Person
    sod: bytes = field(repr=False)
    groups: Mapping[int, bytes] = field(repr=False)
    content: Content

    @property
    def can(self) -> str:
        return self.person.can


DEFAULT: Final = Personalisation()


def issue(plan: Personalisation = DEFAULT, manners: Manners | None = None) -> IssuedCard:
    """A card as planned, with a chip of these manners."""
    csca_signer = _csca("real", explicit=plan.explicit_parameters)
    issuer = _csca("other", explicit=plan.explicit_parameters) if plan.foreign else csca_signer
    signer = _document_signer(issuer, expired=plan.dsc_expired)
    signed = _groups(plan)
    sod = security_object(signed, signer, plan.signed_at)
    groups = {number: _tampered(data) if number == plan.tampered else data for number, data in signed.items()}
    content = _content(plan, groups, sod)
    crl = revocation_list(csca_signer, [signer.serial] if plan.revoked else [])
    return IssuedCard(
        chip=VirtualChip(content, manners),
        authority=Authority(csca_signer.certificate_der, crl, signer.certificate_der),
        person=plan.person,
        sod=sod,
        groups=groups,
        content=content,
    )


def _content(plan: Personalisation, groups: Mapping[int, bytes], sod: bytes) -> Content:
    copy = "copy" if plan.cloned else "chip"
    files = {0x0100 | number: data for number, data in groups.items()}
    return Content(
        files={**files, SOD_FID: sod, COM_FID: com(groups)},
        mrz_information=plan.person.mrz_information,
        can=plan.person.can,
        bac=plan.bac,
        pace=plan.profile if plan.pace else None,
        card_access=_card_access(plan) if plan.pace else None,
        agreement=_agreement(plan, copy) if plan.ca else None,
        signing=_signing(plan, copy) if plan.aa else None,
    )


def _card_access(plan: Personalisation) -> bytes:
    """Terminal Authentication, Chip Authentication and PACE, as Vietnamese cards tell it."""
    if plan.card_access is not None:
        return plan.card_access
    terminal = ber.sequence(ber.oid(ID_TERMINAL_AUTHENTICATION), ber.integer(1))
    return ber.set_of(terminal, AgreementKey(_ec_key("chip", "ca"), plan.ca_suite).info, plan.profile.info)


def _groups(plan: Personalisation) -> dict[int, bytes]:
    groups = {1: dg1((plan.zone_of or plan.person).mrz), 3: dg3(), 13: dg13(plan.person, plan.nesting)}
    if plan.with_photo:
        groups[2] = dg2(portrait())
    infos = []
    if plan.ca:
        agreement = _agreement(plan, "chip")
        public = agreement.private.public_key()
        spki = key_info(public, explicit=plan.explicit_parameters)
        infos += [agreement.info, agreement.public_key_info(spki), plan.profile.info]
    if plan.aa:
        signing = _signing(plan, "chip")
        infos += [signing.info] if signing.info else []
        groups[15] = ber.tlv(0x6F, _signing_key_info(signing, explicit=plan.explicit_parameters))
    if infos:
        groups[14] = ber.tlv(0x6E, ber.set_of(*infos))
    return dict(sorted(groups.items()))


def _tampered(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _agreement(plan: Personalisation, owner: str) -> AgreementKey:
    return AgreementKey(_ec_key(owner, "ca"), plan.ca_suite, plan.ca_key_id)


def _signing(plan: Personalisation, owner: str) -> SigningKey:
    private = _rsa_key(owner) if plan.aa == "rsa" else _ec_key(owner, "aa")
    return SigningKey(private, plan.aa_digest)


def _signing_key_info(signing: SigningKey, *, explicit: bool) -> bytes:
    public = signing.private.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key_info(public, explicit=explicit)


@cache
def _ec_key(owner: str, purpose: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.BrainpoolP512R1() if purpose == "csca" else ec.BrainpoolP256R1())


@cache
def _rsa_key(owner: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2048)


@cache
def _csca(owner: str, *, explicit: bool) -> Signer:
    return csca(_ec_key(owner, "csca"), explicit=explicit)


@cache
def _document_signer(issuer: Signer, *, expired: bool) -> Signer:
    validity = PAST_VALIDITY if expired else DSC_VALIDITY
    return document_signer(issuer, _ec_key("signer", "dsc"), validity, _DSC_SERIAL)
