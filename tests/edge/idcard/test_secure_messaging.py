import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.idcard.apdu import Command, Response
from edge.idcard.ciphers import SessionKeys, Suite, decrypt, encrypt, mac, pad, unpad
from edge.idcard.errors import CardError, GarbledError
from edge.idcard.secure_messaging import SecureMessaging
from edge.idcard.tlv import encode_object, read_objects
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.vectors import BAC, bac_session_keys

EXAMPLES = BAC["secure_messaging"]
PLAIN = (
    Command(0x00, 0xA4, 0x02, 0x0C, b"\x01\x1e"),
    Command(0x00, 0xB0, 0x00, 0x00, le=4),
    Command(0x00, 0xB0, 0x00, 0x04, le=18),
)
SUITES = list(Suite)
READ = Command(0x00, 0xB0, 0x81, 0x00, le=16)


def channel_of_appendix_d() -> SecureMessaging:
    return SecureMessaging(bac_session_keys(), ssc=int(BAC["ssc"], 16))


def keys_of(suite: Suite) -> SessionKeys:
    return SessionKeys.derive(suite, b"an agreed secret")


def answer(
    suite: Suite, ssc: int, data: bytes, sw: int = 0x9000, *, tag: int = 0x87, first: bytes = b"\x01"
) -> Response:
    """What a chip answers with the counter at `ssc`."""
    keys = keys_of(suite)
    counter = ssc.to_bytes(suite.block_bytes)
    zero = bytes(suite.block_bytes)
    iv = zero if suite is Suite.TDES else encrypt(suite, keys.enc, zero, counter)
    body = encode_object(tag, first + encrypt(suite, keys.enc, iv, pad(suite, data))) if data else b""
    return sealed(suite, ssc, body + encode_object(0x99, sw.to_bytes(2)), sw)


def sealed(suite: Suite, ssc: int, body: bytes, sw: int = 0x9000) -> Response:
    """A body under its right MAC, whatever it is made of."""
    counter = ssc.to_bytes(suite.block_bytes)
    code = mac(suite, keys_of(suite).mac, pad(suite, counter + body))
    return Response(body + encode_object(0x8E, code), sw)


def test_the_commands_and_answers_of_appendix_d_are_protected_and_opened() -> None:
    channel = channel_of_appendix_d()
    for plain, example in zip(PLAIN, EXAMPLES, strict=True):
        assert channel.protect(plain).encode().hex().upper() == example["protected"]
        opened = channel.open(Response.decode(bytes.fromhex(example["response"])))
        assert opened == Response(bytes.fromhex(example["data"]), 0x9000)


def test_an_answer_of_appendix_d_to_another_command_is_refused() -> None:
    channel = channel_of_appendix_d()
    channel.protect(PLAIN[0])
    with pytest.raises(GarbledError, match="MAC"):
        channel.open(Response.decode(bytes.fromhex(EXAMPLES[1]["response"])))


def test_an_answer_cannot_be_repeated() -> None:
    channel = channel_of_appendix_d()
    first = Response.decode(bytes.fromhex(EXAMPLES[0]["response"]))
    channel.protect(PLAIN[0])
    channel.open(first)
    channel.protect(PLAIN[0])
    with pytest.raises(GarbledError):
        channel.open(first)


@pytest.mark.parametrize("at", range(len(bytes.fromhex(EXAMPLES[1]["response"])) - 2))
@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_no_bit_of_an_answer_can_be_changed(at: int, bit: int) -> None:
    channel = channel_of_appendix_d()
    channel.protect(PLAIN[0])
    channel.open(Response.decode(bytes.fromhex(EXAMPLES[0]["response"])))
    channel.protect(PLAIN[1])
    changed = bytearray.fromhex(EXAMPLES[1]["response"])
    changed[at] ^= bit
    with pytest.raises(GarbledError):
        channel.open(Response.decode(bytes(changed)))


@pytest.mark.parametrize("suite", SUITES)
def test_a_protected_command_holds_its_data_encrypted_under_a_mac(suite: Suite) -> None:
    keys = keys_of(suite)
    sent = SecureMessaging(keys).protect(Command(0x00, 0x88, 0x00, 0x00, b"challenge", 256))
    assert sent.header == bytes.fromhex("0C880000")
    assert sent.le == 256
    data, le, code = read_objects(sent.data, "a command")
    assert (data.tag, le.tag, le.value, code.tag) == (0x87, 0x97, b"\0", 0x8E)
    counter = (1).to_bytes(suite.block_bytes)
    zero = bytes(suite.block_bytes)
    iv = zero if suite is Suite.TDES else encrypt(suite, keys.enc, zero, counter)
    assert data.value[:1] == b"\x01"
    assert unpad(decrypt(suite, keys.enc, iv, data.value[1:])) == b"challenge"
    covered = counter + pad(suite, sent.header) + sent.data[: -len(code.value) - 2]
    assert code.value == mac(suite, keys.mac, pad(suite, covered))


def test_a_command_of_an_odd_instruction_has_its_data_without_a_padding_indicator() -> None:
    sent = SecureMessaging(keys_of(Suite.AES_128)).protect(
        Command(0x00, 0xB1, 0x00, 0x00, b"\x54\x01\x00", 9)
    )
    first = read_objects(sent.data, "a command")[0]
    assert (first.tag, len(first.value)) == (0x85, 16)


def test_the_class_of_a_chained_command_is_kept() -> None:
    sent = SecureMessaging(keys_of(Suite.AES_128)).protect(Command(0x10, 0x86, 0x00, 0x00, b"\x7c\x00", 256))
    assert sent.cla == 0x1C


def test_a_long_answer_is_asked_for_by_an_extended_command() -> None:
    channel = SecureMessaging(keys_of(Suite.AES_128))
    long = channel.protect(Command(0x00, 0xB0, 0x82, 0x00, le=4096))
    assert long.is_extended
    assert long.le == 65_536
    assert bytes.fromhex("97021000") in long.data
    longest = channel.protect(Command(0x00, 0xB0, 0x82, 0x00, le=65_536))
    assert bytes.fromhex("97020000") in longest.data
    short = channel.protect(Command(0x00, 0xB0, 0x82, 0x00, le=223))
    assert not short.is_extended
    assert channel.protect(Command(0x00, 0xB0, 0x82, 0x00, le=224)).is_extended
    assert not channel.protect(Command(0x00, 0x88, 0x00, 0x00, le=256)).is_extended


@pytest.mark.parametrize(("suite", "most"), [(Suite.TDES, 231), *((one, 223) for one in SUITES[1:])])
def test_as_much_as_the_overhead_leaves_is_just_what_fits_into_a_short_answer(
    suite: Suite, most: int
) -> None:
    assert 256 - SecureMessaging(keys_of(suite)).overhead == most
    assert len(answer(suite, 2, bytes(most)).data) <= 256
    assert len(answer(suite, 2, bytes(most + 1)).data) > 256


@pytest.mark.parametrize("suite", SUITES)
@unhurried
@given(data=st.binary(max_size=600), sw=st.sampled_from([0x9000, 0x6282, 0x6A82]))
def test_what_a_chip_protects_is_opened(suite: Suite, data: bytes, sw: int) -> None:
    channel = SecureMessaging(keys_of(suite))
    for ssc in (2, 4):
        channel.protect(READ)
        assert channel.open(answer(suite, ssc, data, sw)) == Response(data, sw)


def test_data_of_the_odd_kind_are_opened() -> None:
    channel = SecureMessaging(keys_of(Suite.AES_128))
    channel.protect(READ)
    assert channel.open(answer(Suite.AES_128, 2, b"data", tag=0x85, first=b"")).data == b"data"


def test_the_status_is_the_one_under_the_mac() -> None:
    channel = SecureMessaging(keys_of(Suite.TDES))
    channel.protect(READ)
    protected = answer(Suite.TDES, 2, b"", 0x6A82)
    assert channel.open(Response(protected.data, 0x9000)) == Response(b"", 0x6A82)


@pytest.mark.parametrize(
    "body",
    [
        "9903900000",  # a status of three bytes
        "8000",  # no status
        "99029000 99029000",  # two
        "8700 8700 99029000",  # data twice
        "8700 99029000",  # data without a padding indicator
        "870103 99029000",  # of another kind
        "870101 99029000",  # but nothing encrypted
        "870501AABBCCDD 99029000",  # no whole block
        "8500 99029000",  # nothing encrypted
        "8001AA 99029000",  # an unknown object
        "8709 99029000",  # an object that goes on too long
    ],
)
@pytest.mark.parametrize("suite", [Suite.TDES, Suite.AES_128])
def test_a_right_mac_does_not_excuse_what_is_under_it(suite: Suite, body: str) -> None:
    channel = SecureMessaging(keys_of(suite))
    channel.protect(READ)
    with pytest.raises(GarbledError):
        channel.open(sealed(suite, 2, bytes.fromhex(body)))


@pytest.mark.parametrize("data", ["", "99029000", "8E", "8E08", "8E080102030405060708", "99029000 8E00"])
def test_a_plain_answer_or_one_without_its_mac_is_refused(data: str) -> None:
    channel = SecureMessaging(keys_of(Suite.AES_128))
    channel.protect(READ)
    with pytest.raises(GarbledError):
        channel.open(Response(bytes.fromhex(data), 0x9000))


@unhurried
@given(st.binary(max_size=64))
def test_any_answer_is_refused_that_has_not_our_mac(data: bytes) -> None:
    channel = SecureMessaging(keys_of(Suite.AES_128))
    channel.protect(READ)
    with pytest.raises(GarbledError):
        channel.open(Response(data, 0x9000))


@unhurried
@given(st.binary(max_size=64))
def test_any_body_under_a_right_mac_is_an_answer_or_an_error(body: bytes) -> None:
    channel = SecureMessaging(keys_of(Suite.AES_128))
    channel.protect(READ)
    try:
        opened = channel.open(sealed(Suite.AES_128, 2, body))
    except CardError:
        return
    assert len(opened.data) < max(len(body), 1)
