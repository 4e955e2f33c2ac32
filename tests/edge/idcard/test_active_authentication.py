import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.active_authentication import authenticate, verify_ecdsa, verify_rsa
from edge.idcard.errors import CardError, ClonedError, RefusedError
from edge.idcard.exchange import Exchange
from edge.idcard.tlv import encode_object
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort, foretold

CHALLENGE = bytes.fromhex("0102030405060708")
TRAILERS = {
    "sha1": "BC",
    "sha224": "38CC",
    "sha256": "34CC",
    "sha384": "36CC",
    "sha512": "35CC",
}
EC_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2048)


@cache
def ec_key(curve: type[ec.EllipticCurve] = ec.BrainpoolP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


def rsa_signature(
    challenge: bytes,
    name: str = "sha256",
    *,
    header: int = 0x6A,
    trailer: str | None = None,
    key: rsa.RSAPrivateKey | None = None,
) -> bytes:
    """Scheme 1 of ISO/IEC 9796-2: 6A, M1, hash of M1 and the challenge, trailer; as integers, to the private exponent."""
    end = bytes.fromhex(TRAILERS[name] if trailer is None else trailer)
    digest_size = hashlib.new(name).digest_size
    first = bytes(range(256))[: 256 - 1 - digest_size - len(end)]
    block = bytes([header]) + first + hashlib.new(name, first + challenge).digest() + end
    numbers = (key or rsa_key()).private_numbers()
    return pow(int.from_bytes(block), numbers.d, numbers.public_numbers.n).to_bytes(256)


def ec_signature(challenge: bytes, name: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    size = (key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(challenge, ec.ECDSA(EC_HASHES[name])))
    return r.to_bytes(size) + s.to_bytes(size)


def dg15(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encode_object(0x6F, spki)


@pytest.mark.parametrize("name", TRAILERS)
def test_a_signature_by_rsa_names_its_hash_in_its_trailer(name: str) -> None:
    public = rsa_key().public_key()
    signature = rsa_signature(CHALLENGE, name)
    assert verify_rsa(public, signature, CHALLENGE)
    assert not verify_rsa(public, signature, CHALLENGE[::-1])


def test_a_signature_by_another_rsa_key_is_not_the_key_s() -> None:
    other = rsa.generate_private_key(65_537, 2048)
    assert verify_rsa(other.public_key(), rsa_signature(CHALLENGE, key=other), CHALLENGE)
    assert not verify_rsa(rsa_key().public_key(), rsa_signature(CHALLENGE, key=other), CHALLENGE)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(255),
        bytes(256),
        b"\0" * 255 + b"\1",
        b"\xff" * 256,
        b"\0" + rsa_signature(CHALLENGE),
        rsa_signature(CHALLENGE, header=0x4A),
        rsa_signature(CHALLENGE, header=0x6B),
        rsa_signature(CHALLENGE, trailer="33CD"),
        rsa_signature(CHALLENGE, trailer="31CC"),
        rsa_signature(CHALLENGE, trailer="35CC"),
        rsa_signature(CHALLENGE, trailer="BC"),
    ],
)
def test_what_is_built_otherwise_is_no_signature_by_rsa(signature: bytes) -> None:
    assert not verify_rsa(rsa_key().public_key(), signature, CHALLENGE)


def test_the_number_of_sha1_may_also_be_named() -> None:
    assert verify_rsa(rsa_key().public_key(), rsa_signature(CHALLENGE, "sha1", trailer="33CC"), CHALLENGE)


@unhurried
@given(st.binary(min_size=250, max_size=260))
def test_no_bytes_that_came_by_chance_are_a_signature_by_rsa(signature: bytes) -> None:
    assert not verify_rsa(rsa_key().public_key(), signature, CHALLENGE)


@pytest.mark.parametrize("name", EC_HASHES)
@pytest.mark.parametrize("curve", [ec.BrainpoolP256R1, ec.SECP256R1, ec.SECP521R1])
def test_a_signature_by_ecdsa_may_be_by_any_hash_that_is_told_or_none(
    name: str, curve: type[ec.EllipticCurve]
) -> None:
    public = ec_key(curve).public_key()
    signature = ec_signature(CHALLENGE, name, ec_key(curve))
    assert verify_ecdsa(public, signature, CHALLENGE, name)
    assert verify_ecdsa(public, signature, CHALLENGE, None)
    assert not verify_ecdsa(public, signature, CHALLENGE[::-1], None)
    assert not verify_ecdsa(public, signature, CHALLENGE, "sha384" if name != "sha384" else "sha256")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_what_is_built_otherwise_is_no_signature_by_ecdsa(signature: bytes) -> None:
    assert not verify_ecdsa(ec_key().public_key(), signature, CHALLENGE, None)


@unhurried
@given(st.binary(min_size=64, max_size=64))
def test_no_bytes_that_came_by_chance_are_a_signature_by_ecdsa(signature: bytes) -> None:
    assert not verify_ecdsa(ec_key().public_key(), signature, CHALLENGE, "sha256")


def test_a_fresh_challenge_is_signed_in_one_round_trip() -> None:
    for key, signature in (
        (rsa_key(), rsa_signature(CHALLENGE)),
        (ec_key(), ec_signature(CHALLENGE, "sha256", ec_key())),
    ):
        port = AnsweringPort([signature + b"\x90\x00"])
        authenticate(Exchange(port), dg15(key), None, foretold(CHALLENGE), extended=False)
        assert port.sent == [bytes.fromhex("0088000008") + CHALLENGE + b"\0"]


def test_a_long_answer_is_asked_for_where_it_may_come() -> None:
    port = AnsweringPort([rsa_signature(CHALLENGE) + b"\x90\x00"])
    authenticate(Exchange(port), dg15(rsa_key()), None, foretold(CHALLENGE), extended=True)
    assert port.sent == [bytes.fromhex("00880000 000008") + CHALLENGE + b"\0\0"]


@pytest.mark.parametrize("key", ["rsa", "ec"])
def test_an_old_signature_shows_a_clone(key: str) -> None:
    old = rsa_signature(bytes(8)) if key == "rsa" else ec_signature(bytes(8), "sha256", ec_key())
    file = dg15(rsa_key() if key == "rsa" else ec_key())
    exchange = Exchange(AnsweringPort([old + b"\x90\x00"]))
    with pytest.raises(ClonedError):
        authenticate(exchange, file, "sha256", foretold(CHALLENGE), extended=False)


def test_a_chip_that_does_not_sign_refuses() -> None:
    with pytest.raises(RefusedError, match="INTERNAL AUTHENTICATE"):
        authenticate(
            Exchange(AnsweringPort([b"\x6d\x00"])), dg15(ec_key()), None, foretold(CHALLENGE), extended=False
        )


@unhurried
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_file_and_any_signature_are_an_error(file: bytes, signature: bytes) -> None:
    for one in (file, encode_object(0x6F, file), dg15(ec_key())):
        exchange = Exchange(AnsweringPort([signature + b"\x90\x00"]))
        with pytest.raises(CardError):
            authenticate(exchange, one, None, foretold(CHALLENGE), extended=False)
