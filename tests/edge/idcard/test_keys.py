from datetime import date

from edge.idcard.card import Can, MrzKey
from edge.idcard.ciphers import Suite
from edge.idcard.keys import basic_access_keys, mrz_information, password_key, password_reference
from tests.edge.idcard.vectors import BAC, BAC_KEY, PACE_KEY, bac, pace


def test_the_zone_of_appendix_d_is_put_together_with_its_check_digits() -> None:
    assert mrz_information(BAC_KEY) == BAC["mrz_information"]


def test_a_short_document_number_is_filled_up() -> None:
    key = MrzKey("AB12", date(2003, 5, 17), date(2028, 5, 17))
    assert mrz_information(key)[:9] == "AB12<<<<<"


def test_a_citizen_s_key_has_nine_digits_and_two_days() -> None:
    key = MrzKey("203001234", date(2003, 5, 17), date(2028, 5, 17))
    # The check digits of the synthetic zone IDVNM2030012345..., /0305174M2805173VNM...
    assert mrz_information(key) == "203001234503051742805173"


def test_the_keys_of_basic_access_are_those_of_appendix_d() -> None:
    keys = basic_access_keys(BAC_KEY)
    assert (keys.suite, keys.enc, keys.mac) == (Suite.TDES, bac("k_enc"), bac("k_mac"))


def test_the_password_key_is_that_of_appendix_g() -> None:
    assert password_key(Suite.AES_128, PACE_KEY) == pace("k_pi")


def test_a_can_is_its_digits_and_the_counter() -> None:
    # SHA-1 and SHA-256 of "001234" 00000003, by sha1sum and sha256sum.
    assert password_key(Suite.AES_128, Can("001234")).hex() == "301b8b85834dcf25b7ee71bd62f07a4e"
    assert (
        password_key(Suite.AES_256, Can("001234")).hex()
        == "054fc22b4a235feb02e07935550519ddd0c6c751400fa0fabfba1543c1d51928"
    )


def test_pace_calls_the_zone_one_and_the_can_two() -> None:
    assert (password_reference(PACE_KEY), password_reference(Can("001234"))) == (1, 2)


def test_no_key_is_shown() -> None:
    shown = repr(BAC_KEY) + repr(Can("001234")) + repr(basic_access_keys(BAC_KEY))
    assert not any(secret in shown for secret in ("L898902C", "1969", "1994", "001234", "xab"))


def test_every_part_of_the_zone_makes_another_key() -> None:
    key = MrzKey("203001234", date(2003, 5, 17), date(2028, 5, 17))
    others = (
        MrzKey("203001235", key.birth, key.expiry),
        MrzKey(key.document_number, date(2003, 5, 18), key.expiry),
        MrzKey(key.document_number, key.birth, date(2028, 5, 18)),
    )
    assert len({basic_access_keys(one).enc for one in (key, *others)}) == 4
