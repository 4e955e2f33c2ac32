import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.idcard.apdu import Command
from edge.idcard.chip_authentication import ChipKey, agree, usable_key
from edge.idcard.ciphers import SessionKeys, Suite
from edge.idcard.curves import CURVES, Point, decode_point
from edge.idcard.curves import agree as agree_upon
from edge.idcard.errors import RefusedError
from edge.idcard.exchange import Exchange
from edge.idcard.secure_messaging import SecureMessaging
from edge.idcard.security_infos import ChipAuthenticationInfo, ChipAuthenticationKey, SecurityInfos
from edge.idcard.tlv import encode_object, read_objects, read_value
from tests.edge.idcard.scripted import AnsweringPort, counting

CURVE = CURVES["brainpoolP256r1"]
PRIVATE = 0x1234567890
OK = b"\x90\x00"
READ = Command(0x00, 0xB0, 0x9D, 0x00, le=1)


def spki(curve: ec.EllipticCurve | None = None, private: int = PRIVATE) -> bytes:
    key = ec.derive_private_key(private, curve or ec.BrainpoolP256R1())
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def infos(*parts: ChipAuthenticationInfo | ChipAuthenticationKey) -> SecurityInfos:
    return SecurityInfos(
        chip_authentications=tuple(part for part in parts if isinstance(part, ChipAuthenticationInfo)),
        chip_keys=tuple(part for part in parts if isinstance(part, ChipAuthenticationKey)),
    )


def chip_key(suite: Suite, key_id: int | None = None) -> ChipKey:
    found = usable_key(infos(ChipAuthenticationInfo(suite, key_id), ChipAuthenticationKey(spki(), key_id)))
    assert found is not None
    return found


def assert_the_chip_has_the_same_channel(exchange: Exchange, key: ChipKey, sent_point: bytes) -> None:
    """Agree on the chip's side, with its private key, and compare what both protect."""
    secret = agree_upon(CURVE, PRIVATE, decode_point(CURVE, sent_point)).to_bytes(32)
    expected = SecureMessaging(SessionKeys.derive(key.suite, secret))
    assert exchange.channel is not None
    assert exchange.channel.protect(READ) == expected.protect(READ)


@pytest.mark.parametrize("suite", [Suite.AES_128, Suite.AES_192, Suite.AES_256])
def test_with_aes_the_protocol_is_chosen_and_a_point_sent(suite: Suite) -> None:
    port = AnsweringPort([OK, b"\x7c\x00" + OK])
    exchange = Exchange(port)
    key = chip_key(suite)
    agree(exchange, key, counting())
    assert port.sent[0] == bytes.fromhex("002241A40C800A04007F000702020302") + bytes([suite.number])
    assert port.sent[1][:5] == bytes.fromhex("0086000045")
    assert port.sent[1][-1:] == b"\0"
    point = read_value(read_value(port.sent[1][5:-1], 0x7C, "a command"), 0x80, "a command")
    assert_the_chip_has_the_same_channel(exchange, key, point)
    assert exchange.apdus == 2


def test_with_3des_a_point_is_set_as_a_template() -> None:
    port = AnsweringPort([OK])
    exchange = Exchange(port)
    key = chip_key(Suite.TDES)
    agree(exchange, key, counting())
    assert port.sent[0][:5] == bytes.fromhex("002241A643")
    assert_the_chip_has_the_same_channel(exchange, key, read_value(port.sent[0][5:], 0x91, "a command"))
    assert exchange.apdus == 1


@pytest.mark.parametrize(("key_id", "written"), [(0, "00"), (7, "07"), (300, "012C")])
def test_a_key_that_has_a_number_is_called_by_it(key_id: int, written: str) -> None:
    for suite in (Suite.TDES, Suite.AES_128):
        port = AnsweringPort([OK, b"\x7c\x00" + OK])
        agree(Exchange(port), chip_key(suite, key_id), counting())
        reference = read_objects(port.sent[0][5:], "a command")[-1]
        assert (reference.tag, reference.value) == (0x84, bytes.fromhex(written))


@pytest.mark.parametrize("answers", [("6A80",), ("9000", "6300"), ("9000", "6982")])
def test_a_chip_that_refuses_keeps_the_channel_it_had(answers: tuple[str, ...]) -> None:
    exchange = Exchange(AnsweringPort(map(bytes.fromhex, answers)))
    with pytest.raises(RefusedError, match="Chip Authentication"):
        agree(exchange, chip_key(Suite.AES_128), counting())
    assert exchange.channel is None


def test_each_agreement_is_by_another_key_of_ours() -> None:
    port = AnsweringPort([OK] * 2)
    for first in (b"\x01", b"\x02"):
        agree(Exchange(port), chip_key(Suite.TDES), lambda count, first=first: first * count)  # type: ignore[misc]
    assert port.sent[0] != port.sent[1]


def test_the_strongest_suite_of_a_key_is_taken() -> None:
    found = usable_key(
        infos(
            ChipAuthenticationInfo(Suite.TDES, None),
            ChipAuthenticationInfo(Suite.AES_256, None),
            ChipAuthenticationInfo(Suite.AES_128, None),
            ChipAuthenticationKey(spki(), None),
        )
    )
    assert found is not None
    assert (found.suite, found.curve) == (Suite.AES_256, CURVE)


def test_ways_and_keys_belong_together_by_their_numbers() -> None:
    found = usable_key(
        infos(
            ChipAuthenticationInfo(Suite.AES_256, 1),
            ChipAuthenticationInfo(Suite.AES_128, 2),
            ChipAuthenticationKey(spki(private=99), 2),
        )
    )
    assert found is not None
    assert (found.suite, found.key_id) == (Suite.AES_128, 2)
    numbers = ec.derive_private_key(99, ec.BrainpoolP256R1()).public_key().public_numbers()
    assert found.point == Point(numbers.x, numbers.y)


@pytest.mark.parametrize(("way_id", "key_id"), [(None, 5), (5, None)])
def test_the_one_key_needs_no_number_on_both_sides(way_id: int | None, key_id: int | None) -> None:
    way = ChipAuthenticationInfo(Suite.AES_128, way_id)
    found = usable_key(infos(way, ChipAuthenticationKey(spki(), key_id)))
    assert found is not None
    assert found.key_id == way_id
    several = infos(way, ChipAuthenticationKey(spki(), key_id), ChipAuthenticationKey(spki(), 9))
    assert usable_key(several) is None


def test_a_key_of_which_nothing_is_said_is_for_3des() -> None:
    found = usable_key(infos(ChipAuthenticationKey(spki(), None)))
    assert found is not None
    assert found.suite is Suite.TDES


def test_a_key_that_cannot_be_used_is_passed_over() -> None:
    rsa_spki = (
        rsa.generate_private_key(65_537, 2048)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    unusable = [ChipAuthenticationKey(wrong, None) for wrong in (b"", encode_object(0x30, b""), rsa_spki)]
    assert usable_key(infos(*unusable)) is None
    found = usable_key(infos(*unusable, ChipAuthenticationKey(spki(ec.SECP384R1()), None)))
    assert found is not None
    assert found.curve is CURVES["secp384r1"]


def test_a_chip_without_keys_has_no_way() -> None:
    assert usable_key(infos()) is None
    assert usable_key(infos(ChipAuthenticationInfo(Suite.AES_128, None))) is None
