import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.ciphers import SessionKeys, Suite, decrypt, derive_key, encrypt, mac, pad, unpad
from edge.idcard.errors import CardError, GarbledError
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.vectors import bac, pace

SUITES = st.sampled_from(list(Suite))


def test_the_keys_of_appendix_d_follow_from_their_seed() -> None:
    keys = SessionKeys.derive(Suite.TDES, bac("k_seed"))
    assert (keys.enc, keys.mac) == (bac("k_enc"), bac("k_mac"))


def test_aes_keys_are_the_front_of_a_hash_and_as_long_as_the_suite_says() -> None:
    # SHA-1 and SHA-256 of 32 zero bytes and the counter 1, by sha1sum and sha256sum.
    assert derive_key(Suite.AES_128, bytes(32), 1).hex() == "e30a76daec16b27664f6a8460f1647e2"
    longer = "2158a8906d5e2c2be001bac943ab9cab4063536e1c546b40221fdf8db031a4bb"
    assert derive_key(Suite.AES_256, bytes(32), 1).hex() == longer
    assert derive_key(Suite.AES_192, bytes(32), 1) == derive_key(Suite.AES_256, bytes(32), 1)[:24]


def test_the_authentication_of_appendix_d_is_encrypted_and_authenticated() -> None:
    plain = bac("rnd_ifd") + bac("rnd_ic") + bac("k_ifd")
    cryptogram = encrypt(Suite.TDES, bac("k_enc"), bytes(8), plain)
    assert cryptogram == bac("e_ifd")
    assert mac(Suite.TDES, bac("k_mac"), pad(Suite.TDES, cryptogram)) == bac("m_ifd")
    assert decrypt(Suite.TDES, bac("k_enc"), bytes(8), cryptogram) == plain


def test_the_nonce_of_appendix_g_is_decrypted() -> None:
    assert decrypt(Suite.AES_128, pace("k_pi"), bytes(16), pace("encrypted_nonce")) == pace("nonce")


def test_a_cmac_is_cut_to_eight_bytes() -> None:
    # RFC 4493, example 2.
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    message = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert mac(Suite.AES_128, key, message).hex() == "070a16b46b4d4144"


@pytest.mark.parametrize("data", [b"", b"x" * 7, b"x" * 17])
def test_what_is_not_whole_blocks_is_no_cryptogram(data: bytes) -> None:
    for suite in Suite:
        with pytest.raises(GarbledError, match="blocks"):
            decrypt(suite, bytes(suite.key_bytes), bytes(suite.block_bytes), data)


@pytest.mark.parametrize("data", [b"", b"\0" * 8, b"x" * 8, b"\x80x", b"\x7f\0"])
def test_what_is_not_padded_is_refused(data: bytes) -> None:
    with pytest.raises(GarbledError, match="padding"):
        unpad(data)


@unhurried
@given(SUITES, st.binary(max_size=100))
def test_padding_fills_blocks_and_comes_off_again(suite: Suite, data: bytes) -> None:
    padded = pad(suite, data)
    assert len(padded) % suite.block_bytes == 0
    assert 0 < len(padded) - len(data) <= suite.block_bytes
    assert unpad(padded) == data


@unhurried
@given(SUITES, st.binary(max_size=100), st.binary(min_size=32, max_size=32))
def test_what_is_encrypted_is_decrypted_again(suite: Suite, data: bytes, seed: bytes) -> None:
    key, iv = derive_key(suite, seed, 1), seed[: suite.block_bytes]
    cryptogram = encrypt(suite, key, iv, pad(suite, data))
    assert unpad(decrypt(suite, key, iv, cryptogram)) == data


@unhurried
@given(SUITES, st.binary(max_size=64), st.binary(min_size=32, max_size=32))
def test_any_cryptogram_is_padded_data_or_an_error(suite: Suite, data: bytes, seed: bytes) -> None:
    try:
        plain = unpad(decrypt(suite, derive_key(suite, seed, 1), bytes(suite.block_bytes), data))
    except CardError:
        return
    assert len(plain) < len(data)


def test_no_key_is_shown() -> None:
    assert repr(SessionKeys(Suite.TDES, b"secret", b"secret")).count("secret") == 0


def test_a_suite_s_number_is_the_last_arc_of_its_protocols() -> None:
    assert [(suite.number, suite.key_bytes, suite.block_bytes) for suite in Suite] == [
        (1, 16, 8),
        (2, 16, 16),
        (3, 24, 16),
        (4, 32, 16),
    ]


@unhurried
@given(SUITES, st.binary(max_size=40))
def test_keys_are_as_long_as_the_suite_asks_and_those_of_des_have_odd_parity(
    suite: Suite, secret: bytes
) -> None:
    keys = SessionKeys.derive(suite, secret)
    assert len(keys.enc) == len(keys.mac) == suite.key_bytes
    assert keys.enc != keys.mac
    if suite is Suite.TDES:
        assert all(byte.bit_count() % 2 == 1 for byte in keys.enc + keys.mac)


@unhurried
@given(SUITES, st.binary(min_size=16, max_size=16), st.integers(0, 15))
def test_a_mac_has_eight_bytes_and_changes_with_its_data(suite: Suite, data: bytes, at: int) -> None:
    key = derive_key(suite, b"secret", 2)
    changed = bytearray(data)
    changed[at] ^= 1
    assert len(mac(suite, key, data)) == 8
    assert mac(suite, key, data) != mac(suite, key, bytes(changed))
