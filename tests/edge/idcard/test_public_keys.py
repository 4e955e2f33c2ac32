import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.curves import CURVES
from edge.idcard.errors import UnreadableError
from edge.idcard.public_keys import MAX_SPKI_BYTES, load_certificate_key, load_public_key
from tests.edge.idcard import signing
from tests.edge.idcard.encode import (
    SHA512,
    bits,
    ec_key,
    explicit_spki,
    integer,
    oid,
    rsa_key,
    seq,
    spki,
    tlv,
)
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)

KINDS: list[type[ec.EllipticCurve]] = [
    ec.SECP224R1,
    ec.SECP256R1,
    ec.SECP384R1,
    ec.SECP521R1,
    ec.BrainpoolP256R1,
    ec.BrainpoolP384R1,
    ec.BrainpoolP512R1,
]
P256 = CURVES["brainpoolP256r1"]


def coordinates(curve_x: int, curve_y: int) -> bytes:
    return b"\x04" + curve_x.to_bytes(32) + curve_y.to_bytes(32)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_on_a_named_curve_and_on_the_same_curve_written_out_are_one(
    kind: type[ec.EllipticCurve],
) -> None:
    key = ec_key("named", kind)
    assert load_public_key(spki(key)) == key.public_key()
    assert load_public_key(explicit_spki(key)) == key.public_key()
    assert load_public_key(explicit_spki(key, cofactor=None)) == key.public_key()


@pytest.mark.parametrize("form", ["compressed", "uncompressed"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_openssl_writes_out_is_read(kind: type[ec.EllipticCurve], form: str, tmp_path: Path) -> None:
    key = ec_key("openssl", kind)
    named, explicit = tmp_path / "named.der", tmp_path / "explicit.der"
    named.write_bytes(spki(key))
    told = ["-inform", "DER", "-in", str(named), "-outform", "DER", "-out", str(explicit)]
    subprocess.run(
        ["openssl", "ec", "-pubin", *told, "-param_enc", "explicit", "-conv_form", form],
        check=True,
        capture_output=True,
    )
    assert explicit.read_bytes() != named.read_bytes()
    assert load_public_key(explicit.read_bytes()) == key.public_key()


@pytest.mark.parametrize(
    "changed",
    [
        {"generator": coordinates(P256.gx, P256.p - P256.gy)},
        {"generator": b"\x02" + P256.gx.to_bytes(32)},
        {"generator": b"\x00"},
        {"cofactor": 2},
        {"cofactor": 0},
        {"n": P256.n + 2},
        {"p": P256.p + 2},
        {"a": (P256.a + 1).to_bytes(32)},
        {"b": (P256.b + 1).to_bytes(32)},
        {"version": 4},
        {"field": oid("1.2.840.10045.1.2")},
    ],
)
def test_a_curve_that_differs_in_one_parameter_is_no_known_curve(changed: dict[str, int | bytes]) -> None:
    with pytest.raises(UnreadableError, match="curve"):
        load_public_key(explicit_spki(ec_key("named"), **changed))


def test_a_generator_of_the_attackers_choice_is_refused() -> None:
    """CVE-2020-0601: with the victim's public key as the generator, 1 is a private key to it."""
    victim = ec_key("victim")
    point = victim.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    with pytest.raises(UnreadableError, match="known curve"):
        load_public_key(explicit_spki(victim, generator=point))


@pytest.mark.parametrize("kind", [ec.SECP256K1, ec.SECP192R1])
def test_a_curve_that_no_card_uses_is_refused(kind: type[ec.EllipticCurve]) -> None:
    with pytest.raises(UnreadableError, match="not in use"):
        load_public_key(spki(ec_key("foreign", kind)))


@pytest.mark.parametrize("point", [b"", b"\0", b"\x04" + bytes(64), b"\x04" + bytes(63), b"\x05" + bytes(32)])
def test_a_point_off_its_curve_is_refused(point: bytes) -> None:
    named = seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
    with pytest.raises(UnreadableError, match="point"):
        load_public_key(seq(named, bits(point)))


def rsa_spki(n: int, e: int, kind: str = "1.2.840.113549.1.1.1", parameters: bytes = tlv(0x05)) -> bytes:
    return seq(seq(oid(kind), parameters), bits(seq(integer(n), integer(e))))


@pytest.mark.parametrize("kind", ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"])
@pytest.mark.parametrize("parameters", [b"", tlv(0x05)])
def test_rsa_keys_are_read_those_for_pss_too(kind: str, parameters: bytes) -> None:
    key = rsa_key().public_key()
    numbers = key.public_numbers()
    assert load_public_key(rsa_spki(numbers.n, numbers.e, kind, parameters)) == key
    assert load_public_key(spki(rsa_key())) == key


@pytest.mark.parametrize(
    ("n", "e"),
    [
        (2**2047 - 1, 65537),
        (2**8192 + 1, 65537),
        (-(2**2047) - 1, 65537),
        (0, 65537),
        (2**2047 + 1, 1),
        (2**2047 + 1, 0),
        (2**2047 + 1, -3),
        (2**2047 + 1, 65536),
        (2**2047 + 1, 2**64 + 1),
    ],
)
def test_rsa_that_is_too_short_too_long_or_none_is_refused(n: int, e: int) -> None:
    with pytest.raises(UnreadableError, match="RSA"):
        load_public_key(rsa_spki(n, e))


def test_the_limits_of_rsa_themselves_pass() -> None:
    for bit_length in (2048, 8192):
        loaded = load_public_key(rsa_spki(2 ** (bit_length - 1) + 1, 2**63 + 1))
        assert isinstance(loaded, rsa.RSAPublicKey)
        assert loaded.key_size == bit_length


@pytest.mark.parametrize("other", [ed25519.Ed25519PrivateKey.generate(), dsa.generate_private_key(1024)])
def test_other_kinds_of_keys_are_refused(other: ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey) -> None:
    data = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UnreadableError, match="neither RSA nor EC"):
        load_public_key(data)


def test_a_key_of_any_length_is_not_even_looked_at() -> None:
    with pytest.raises(UnreadableError, match="longer than"):
        load_public_key(bytes(MAX_SPKI_BYTES + 1))


@pytest.mark.parametrize(
    "right",
    [spki(ec_key("named")), explicit_spki(ec_key("named")), spki(rsa_key())],
    ids=["named", "explicit", "rsa"],
)
def test_no_part_of_a_key_passes_for_one(right: bytes) -> None:
    assert_no_front_piece_passes(load_public_key, right)


@unhurried
@given(st.data())
def test_any_bytes_give_a_key_or_a_card_error(data: st.DataObject) -> None:
    right = data.draw(
        st.sampled_from([explicit_spki(ec_key("named")), spki(rsa_key()), spki(ec_key("named"))])
    )
    gives_a_value_or_a_card_error(load_public_key, data.draw(damaged(right)))


def test_the_key_of_a_certificate_that_the_library_declines_is_loaded() -> None:
    key = ec_key("explicit", ec.BrainpoolP512R1)
    made = signing.certificate(key, "CSCA", key_info=explicit_spki(key), function=SHA512)
    read = x509.load_der_x509_certificate(made.der)
    with pytest.raises(UnsupportedAlgorithm, match="explicit"):
        read.public_key()
    assert load_certificate_key(read) == key.public_key()


def test_the_key_of_any_other_certificate_is_what_the_library_says() -> None:
    for key in (ec_key("named"), rsa_key()):
        read = x509.load_der_x509_certificate(signing.certificate(key, "CSCA").der)
        assert load_certificate_key(read) == read.public_key()
