"""What the issuer puts into the virtual card, with OpenSSL, Pillow and `cryptography` as judges."""

import hashlib
import io
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from tests.fakes.idcard import ber
from tests.fakes.idcard.groups import Nesting, dg2, dg13
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.people import AN, BINH, CHAU, PEOPLE, check_digit
from tests.fakes.idcard.portrait import PHOTO_OCTETS, portrait

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def verdict(card: IssuedCard, folder: Path, *options: str) -> str:
    """What `openssl cms -verify` says of the card's security object under its authority."""
    pem = x509.load_der_x509_certificate(card.authority.csca_der).public_bytes(serialization.Encoding.PEM)
    crl = x509.load_der_x509_crl(card.authority.crl_der).public_bytes(serialization.Encoding.PEM)
    (folder / "anchors.pem").write_bytes(pem + crl)
    (folder / "sod.der").write_bytes(ber.value_of(0x77, card.sod))
    command = [
        "openssl",
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        str(folder / "sod.der"),
        "-out",
        os.devnull,
    ]
    command += ["-CAfile", str(folder / "anchors.pem"), "-purpose", "any", *options]
    command += ["-attime", str(int(MOMENT.timestamp()))]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_openssl_believes_the_security_object(tmp_path: Path) -> None:
    assert "Verification successful" in verdict(issue(), tmp_path, "-crl_check")
    told = Personalisation(person=CHAU, signed_at=datetime(2023, 12, 1, tzinfo=UTC), aa="rsa")
    assert "Verification successful" in verdict(issue(told), tmp_path, "-crl_check")


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (Personalisation(foreign=True), "unable to get local issuer certificate"),
        (Personalisation(dsc_expired=True), "certificate has expired"),
        (Personalisation(revoked=True), "certificate revoked"),
        (Personalisation(explicit_parameters=True), "explicit ECC parameters"),
    ],
)
def test_openssl_finds_what_is_wrong_with_the_signer(
    plan: Personalisation, reason: str, tmp_path: Path
) -> None:
    said = verdict(issue(plan), tmp_path, "-crl_check")
    assert "Verification failure" in said
    assert reason in said


def test_written_out_parameters_change_nothing_but_the_form_of_the_key() -> None:
    named, written = (issue(Personalisation(explicit_parameters=explicit)) for explicit in (False, True))
    one = x509.load_der_x509_certificate(named.authority.csca_der)
    other = x509.load_der_x509_certificate(written.authority.csca_der)
    assert one.extensions.get_extension_for_class(x509.SubjectKeyIdentifier) == (
        other.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    )
    with pytest.raises(UnsupportedAlgorithm, match="explicit"):
        other.public_key()
    authority = one.public_key()
    assert isinstance(authority, ec.EllipticCurvePublicKey)
    for certificate in (other, x509.load_der_x509_certificate(written.authority.dsc_der)):
        authority.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA512()))


@pytest.mark.parametrize("number", [1, 2, 13, 14, 15])
def test_a_tampered_group_is_whole_but_its_hash_is_not_signed(number: int) -> None:
    card = issue(Personalisation(tampered=number))
    for other, data in card.groups.items():
        assert len(ber.items(data)) == 1
        assert (hashlib.sha256(data).digest() in card.sod) == (other != number)


def test_the_machine_readable_zone_has_the_published_form() -> None:
    assert AN.mrz == (
        "IDVNM2030012345079203001234<<50305174M2805173VNM<<<<<<<<<<<0NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<"
    )
    assert CHAU.mrz[60:] == "DANG<<HOANG<MINH<CHAU<<<<<<<<<"
    assert {len(person.mrz) for person in PEOPLE} == {90}
    assert check_digit("L898902C<") == "3"


def test_the_invented_numbers_keep_the_rules_of_real_ones() -> None:
    for person in PEOPLE:
        century, sex = divmod(int(person.number[3]), 2)
        assert 1900 + 100 * century == person.birth.year // 100 * 100
        assert sex == {"Nam": 0, "Nữ": 1}[person.sex]
        assert person.number[4:6] == f"{person.birth:%y}"


def test_the_photo_is_the_same_drawing_each_time_and_as_long_as_real_ones() -> None:
    drawn = portrait()
    portrait.cache_clear()
    assert portrait() == drawn
    assert len(drawn) == PHOTO_OCTETS
    assert portrait(1) != drawn
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.load()
        assert picture.size == (300, 400)
    for constructed, tag in ((False, 0x5F2E), (True, 0x7F2E)):
        group = dg2(drawn, constructed_tag=constructed)
        assert group.endswith(drawn)
        assert tag.to_bytes(2) in group[:80]
    assert 2 not in issue(Personalisation(with_photo=False)).groups


def test_each_nesting_has_the_same_strings_and_what_is_missing_is_an_entry_without_value() -> None:
    written = [dg13(BINH, nesting) for nesting in Nesting]
    assert len(set(written)) == 3
    for group in written:
        for name in (*BINH.parents, BINH.spouse or ""):
            assert ber.utf8(name) in group
        assert ber.printable("012345678") in group
    assert bytes.fromhex("300302010E") in dg13(AN)
    assert bytes.fromhex("300302010F") in dg13(AN)
    assert len(dg13(CHAU)) > 900
