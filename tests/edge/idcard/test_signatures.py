import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.signatures import MAX_SIGNATURE_BYTES, read_hash, read_scheme
from tests.edge.idcard.encode import (
    SHA1,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
    PrivateKey,
    algorithm_id,
    ec_key,
    hash_id,
    integer,
    oid,
    pss_id,
    rsa_key,
    seq,
    sign,
    tlv,
)
from tests.edge.idcard.reading import damaged, gives_a_value_or_a_card_error, unhurried

ACCEPTED = [SHA224, SHA256, SHA384, SHA512]
KEYS: dict[str, PrivateKey] = {
    "ecdsa": ec_key("signing"),
    "rsa": rsa_key(),
    "pss": rsa_key(),
    "bare": rsa_key(),
}


def element(data: bytes) -> der.Element:
    return der.parse(data, "FILE")


@pytest.mark.parametrize("function", ACCEPTED)
@pytest.mark.parametrize("kind", KEYS)
def test_each_accepted_algorithm_holds_for_its_own_key_and_data_only(
    kind: str, function: hashes.HashAlgorithm
) -> None:
    key = KEYS[kind]
    scheme = read_scheme(element(algorithm_id(kind, function)), function)
    signature = sign(key, kind, function, b"data")
    assert scheme.holds(key.public_key(), signature, b"data")
    assert not scheme.holds(key.public_key(), signature, b"other data")
    assert not scheme.holds(key.public_key(), signature[:-1] + bytes([signature[-1] ^ 1]), b"data")
    other = ec_key("other") if kind == "ecdsa" else rsa_key("other")
    assert not scheme.holds(other.public_key(), signature, b"data")


def test_an_algorithm_does_not_hold_for_a_key_of_another_kind() -> None:
    for kind, key in (("ecdsa", rsa_key()), ("rsa", ec_key("signing")), ("pss", ec_key("signing"))):
        scheme = read_scheme(element(algorithm_id(kind, SHA256)))
        assert not scheme.holds(key.public_key(), sign(KEYS[kind], kind, SHA256, b"data"), b"data")


def test_pss_and_pkcs1_are_not_taken_for_each_other() -> None:
    for kind, other in (("rsa", "pss"), ("pss", "rsa")):
        scheme = read_scheme(element(algorithm_id(kind, SHA256)))
        assert not scheme.holds(rsa_key().public_key(), sign(rsa_key(), other, SHA256, b"data"), b"data")


@pytest.mark.parametrize("signature", [b"", b"\0", b"\x30\x00", bytes(256), bytes(MAX_SIGNATURE_BYTES + 1)])
@pytest.mark.parametrize("kind", ["ecdsa", "rsa", "pss"])
def test_no_bytes_of_chance_hold(kind: str, signature: bytes) -> None:
    scheme = read_scheme(element(algorithm_id(kind, SHA256)))
    assert not scheme.holds(KEYS[kind].public_key(), signature, b"data")


@pytest.mark.parametrize("kind", KEYS)
def test_sha1_is_refused_wherever_it_stands(kind: str) -> None:
    with pytest.raises(UnreadableError, match="not accepted"):
        read_hash(element(hash_id(SHA1)))
    with pytest.raises(UnreadableError, match="not accepted"):
        read_scheme(element(algorithm_id(kind, SHA1)))


def test_pss_without_parameters_means_sha1_and_is_refused() -> None:
    pss = oid("1.2.840.113549.1.1.10")
    hash_only = seq(tlv(0xA0, hash_id(SHA256)))
    for parameters in (b"", seq(), hash_only, tlv(0x05)):
        with pytest.raises(UnreadableError):
            read_scheme(element(seq(pss, parameters)))


def test_pss_masks_with_the_same_hash_and_salts_with_no_more_than_a_hash() -> None:
    with pytest.raises(UnreadableError, match="not accepted"):
        read_scheme(element(pss_id(SHA256, SHA512)))
    mask = seq(oid("1.2.840.113549.1.1.8"), hash_id(SHA256))
    for salt, masking in ((65, mask), (-1, mask), (32, seq(oid("1.2.3"), hash_id(SHA256)))):
        parameters = seq(tlv(0xA0, hash_id(SHA256)), tlv(0xA1, masking), tlv(0xA2, integer(salt)))
        with pytest.raises(UnreadableError, match="not accepted"):
            read_scheme(element(seq(oid("1.2.840.113549.1.1.10"), parameters)))


@pytest.mark.parametrize("kind", ["ecdsa", "rsa", "pss"])
def test_two_hash_functions_for_one_signature_are_refused(kind: str) -> None:
    with pytest.raises(UnreadableError, match="two hash functions"):
        read_scheme(element(algorithm_id(kind, SHA256)), SHA384)


def test_bare_rsa_needs_the_hash_that_stands_beside_it() -> None:
    with pytest.raises(UnreadableError, match="not accepted"):
        read_scheme(element(algorithm_id("bare", SHA256)))


@pytest.mark.parametrize(
    "unknown", ["1.2.840.10045.4.1", "1.2.840.113549.1.1.4", "1.3.101.112", "2.16.840.1.101.3.4.2.1"]
)
def test_other_algorithms_are_refused(unknown: str) -> None:
    with pytest.raises(UnreadableError, match="not accepted"):
        read_scheme(element(seq(oid(unknown))))


@unhurried
@given(st.data())
def test_any_bytes_give_a_scheme_or_a_card_error(data: st.DataObject) -> None:
    right = data.draw(st.sampled_from([algorithm_id(kind, SHA256) for kind in KEYS]))
    changed = data.draw(damaged(right))
    gives_a_value_or_a_card_error(lambda given_bytes: read_scheme(element(given_bytes), SHA256), changed)
    gives_a_value_or_a_card_error(lambda given_bytes: read_hash(element(given_bytes)), changed)


@unhurried
@given(damaged(sign(ec_key("signing"), "ecdsa", SHA256, b"data")))
def test_any_bytes_are_a_signature_that_holds_or_does_not(signature: bytes) -> None:
    key = ec_key("signing")
    scheme = read_scheme(element(algorithm_id("ecdsa", SHA256)))
    right = scheme.holds(key.public_key(), signature, b"data")
    try:
        key.public_key().verify(signature, b"data", ec.ECDSA(SHA256))
    except Exception:  # noqa: BLE001 -- whatever the library says but yes
        assert not right
    else:
        assert right
