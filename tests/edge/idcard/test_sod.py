from datetime import UTC, datetime

import pytest
from hypothesis import given

from edge.idcard.errors import UnreadableError
from edge.idcard.sod import MAX_CERTIFICATES, MAX_SOD_BYTES, parse_sod
from tests.edge.idcard.encode import SHA1, SHA256, SHA512, hash_id, integer, oid, seq, tlv
from tests.edge.idcard.reading import (
    assert_no_front_piece_passes,
    damaged,
    gives_a_value_or_a_card_error,
    unhurried,
)
from tests.edge.idcard.signing import (
    LDS_SECURITY_OBJECT,
    NOW,
    attribute,
    attributes,
    csca,
    digest,
    hash_list,
    signed_sod,
    signer,
    signer_info,
    sod,
)

GROUPS = {1: b"one", 13: b"thirteen", 15: b"fifteen"}
CSCA = csca()
DSC = signer(CSCA)
LIST = hash_list(GROUPS)
INFO = signer_info(DSC, attributes(LIST))
RIGHT = sod(LIST, [DSC.der], [INFO])


def refused(data: bytes, match: str) -> None:
    with pytest.raises(UnreadableError, match=match):
        parse_sod(data)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("function", [SHA256, SHA512])
def test_the_list_of_hashes_is_read_in_both_versions(version: int, function: object) -> None:
    chosen = SHA512 if function is SHA512 else SHA256
    read = parse_sod(signed_sod(GROUPS, DSC, function=chosen, version=version))
    assert read.listed.function.name == chosen.name
    assert read.listed.by_group == {number: digest(chosen, data) for number, data in GROUPS.items()}
    assert read.content == hash_list(GROUPS, chosen, version)
    assert read.signature.signer.serial == 7
    assert read.signature.message_digest == digest(chosen, read.content)


@pytest.mark.parametrize("moment", [None, NOW, datetime(1999, 1, 2, 3, 4, 5, tzinfo=UTC)])
def test_the_signing_time_is_read_where_it_is_told(moment: datetime | None) -> None:
    assert parse_sod(signed_sod(GROUPS, DSC, signing_time=moment)).signature.signing_time == moment


def with_time(value: bytes) -> bytes:
    signed = [*attributes(LIST), attribute("1.2.840.113549.1.9.5", value)]
    return sod(LIST, [DSC.der], [signer_info(DSC, signed)])


def test_the_signing_time_may_have_four_digits_for_the_year() -> None:
    read = parse_sod(with_time(tlv(0x18, b"20500101000000Z")))
    assert read.signature.signing_time == datetime(2050, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        tlv(0x17, b"261122093000"),
        tlv(0x17, b"261322093000Z"),
        tlv(0x17, b"20261122093000Z"),
        tlv(0x18, b"261122093000Z"),
        tlv(0x18, b"20261122093000+0700"),
        tlv(0x18, b"00001122093000Z"),
        tlv(0x0C, b"20261122093000Z"),
    ],
)
def test_a_signing_time_that_is_none_is_refused(value: bytes) -> None:
    refused(with_time(value), "signing time")


def test_the_signer_may_be_told_by_its_key_id() -> None:
    assert DSC.key_id is not None
    info = signer_info(DSC, attributes(LIST), identifier=tlv(0x80, DSC.key_id))
    read = parse_sod(sod(LIST, [CSCA.der, DSC.der], [info]))
    assert read.signature.signer.serial == 7


def test_exactly_one_signer_signs() -> None:
    refused(sod(LIST, [DSC.der], [INFO, INFO]), "too many")
    refused(sod(LIST, [DSC.der], []), "missing")


def test_the_signers_certificate_is_in_the_file() -> None:
    refused(sod(LIST, [], [INFO]), "no certificate of the signer")
    refused(sod(LIST, [CSCA.der], [INFO]), "no certificate of the signer")
    unknown = signer_info(DSC, attributes(LIST), identifier=tlv(0x80, b"another key"))
    refused(sod(LIST, [DSC.der], [unknown]), "no certificate of the signer")


def test_certificates_have_a_limit() -> None:
    parse_sod(sod(LIST, [DSC.der] * MAX_CERTIFICATES, [INFO]))
    refused(sod(LIST, [DSC.der] * (MAX_CERTIFICATES + 1), [INFO]), "more than")
    refused(bytes(MAX_SOD_BYTES + 1), "more than")


def test_another_content_is_refused_outside_and_among_the_attributes() -> None:
    refused(sod(LIST, [DSC.der], [INFO], content_type="1.2.840.113549.1.7.1"), LDS_SECURITY_OBJECT)
    signed = attributes(LIST, content_type="1.2.840.113549.1.7.1")
    refused(sod(LIST, [DSC.der], [signer_info(DSC, signed)]), LDS_SECURITY_OBJECT)


def test_both_attributes_are_signed_and_each_once() -> None:
    kind, message = attributes(LIST)
    for too_little in ([kind], [message]):
        refused(sod(LIST, [DSC.der], [signer_info(DSC, too_little)]), "no content type, or no message digest")
    refused(sod(LIST, [DSC.der], [signer_info(DSC, [kind, message, message])]), "twice")
    several = attribute("1.2.840.113549.1.9.4", tlv(0x04, bytes(32)), tlv(0x04, bytes(32)))
    refused(sod(LIST, [DSC.der], [signer_info(DSC, [kind, several])]), "not one value")


def test_a_signature_without_signed_attributes_is_refused() -> None:
    start = tlv(0xA0, *attributes(LIST))
    assert start in INFO
    bare = seq(INFO[INFO.index(b"\x02\x01\x01") :].replace(start, b""))
    refused(sod(LIST, [DSC.der], [bare]), "A0 was expected")


def test_sha1_is_refused_as_the_lists_hash_and_as_the_signatures() -> None:
    refused(signed_sod(GROUPS, DSC, function=SHA1), "hash function that is not accepted")
    weak_list = hash_list(GROUPS, SHA1)
    refused(sod(weak_list, [DSC.der], [signer_info(DSC, attributes(weak_list))]), "not accepted")
    weak_info = signer_info(DSC, attributes(LIST, function=SHA1), function=SHA1)
    refused(sod(LIST, [DSC.der], [weak_info]), "not accepted")


def test_the_hash_of_the_attributes_and_of_the_signature_are_one() -> None:
    other = seq(oid("1.2.840.10045.4.3.4"))
    refused(sod(LIST, [DSC.der], [signer_info(DSC, attributes(LIST), algorithm=other)]), "two hash functions")


def entry(number: int, value: bytes) -> bytes:
    return seq(integer(number), tlv(0x04, value))


@pytest.mark.parametrize(
    "entries",
    [
        [entry(1, bytes(31))],
        [entry(1, b"")],
        [entry(0, bytes(32))],
        [entry(17, bytes(32))],
        [entry(-1, bytes(32))],
        [entry(1, bytes(32)), entry(1, bytes(32))],
    ],
)
def test_a_hash_of_no_group_twice_or_of_wrong_length_is_refused(entries: list[bytes]) -> None:
    content = seq(integer(0), hash_id(SHA256), seq(*entries))
    refused(sod(content, [DSC.der], [signer_info(DSC, attributes(content))]), "listed wrongly")


def test_a_list_of_an_unknown_version_is_refused() -> None:
    content = seq(integer(2), hash_id(SHA256), seq(entry(1, bytes(32))))
    refused(sod(content, [DSC.der], [signer_info(DSC, attributes(content))]), "unknown version")


def test_what_wraps_the_signature_is_what_the_standard_says() -> None:
    inner = RIGHT[4:]
    refused(tlv(0x78, inner), "77 was expected")
    refused(tlv(0x77, inner, inner), "too many")
    refused(tlv(0x77), "missing")
    refused(sod(LIST, [DSC.der], [INFO], after=tlv(0x31, INFO)), "too many")
    refused(tlv(0x77, seq(oid("1.2.840.113549.1.7.1"), tlv(0xA0, seq()))), "another content type")


def test_no_part_of_the_file_passes_for_it() -> None:
    assert_no_front_piece_passes(parse_sod, RIGHT)


def test_the_repr_shows_no_hash() -> None:
    read = parse_sod(RIGHT)
    for value in (*read.listed.by_group.values(), read.signature.value):
        assert repr(value)[2:-1] not in repr(read)


@unhurried
@given(damaged(RIGHT))
def test_any_bytes_give_a_sod_or_a_card_error(data: bytes) -> None:
    gives_a_value_or_a_card_error(parse_sod, data)
    gives_a_value_or_a_card_error(parse_sod, tlv(0x77, data))
