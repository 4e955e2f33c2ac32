import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import NoticeError, SignatureError
from cloud.payments.signed import MAX_BODY_BYTES, mac_hex, read_fields, require_mac, want, want_number
from tests.cloud.payments.samples import MOMO_KEYS, VNPAY_KEYS


def test_a_secret_does_not_show() -> None:
    told = f"{VNPAY_KEYS} {MOMO_KEYS}"
    assert "TESTSECRET" not in told
    assert "TESTACCESS" not in told


def test_the_code_is_the_librarys_own() -> None:
    expected = hmac.new("khóa".encode(), "chữ".encode(), hashlib.sha512).hexdigest()
    assert mac_hex("khóa", "chữ", "sha512") == expected
    require_mac(expected.upper(), expected)


@given(st.text(max_size=300))
def test_nothing_else_fits(given_text: str) -> None:
    expected = mac_hex("a", "b", "sha256")
    with pytest.raises(SignatureError):
        require_mac(given_text, expected)


def test_fields_are_texts_and_numbers_within_bounds() -> None:
    assert read_fields(b'{"a":"x","b":7500000,"c":null}') == {"a": "x", "b": "7500000", "c": ""}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"a":1.5}',
        b'{"a":{}}',
        b'{"a":[1]}',
        b'{"a":"\xff"}',
        b"{" + b",".join(b'"%d":1' % number for number in range(65)) + b"}",
        b'{"a":"' + b"x" * MAX_BODY_BYTES + b'"}',
    ],
)
def test_any_other_body_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeError):
        read_fields(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        fields = read_fields(body)
    except NoticeError:
        return
    assert all(isinstance(value, str) for value in fields.values())


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1" * 19, "x", "²"])
def test_a_number_is_decimal_digits(text: str) -> None:
    with pytest.raises(NoticeError):
        want_number({"n": text}, "n")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(NoticeError, match="vnp_Amount"):
        want({}, "vnp_Amount")
    assert want_number({"n": "007"}, "n") == 7
