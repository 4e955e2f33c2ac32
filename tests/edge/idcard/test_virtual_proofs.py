"""How the virtual chip proves itself, and the ways in which it lets its answers be fetched."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.edge.idcard.bare_terminal import BareTerminal, Session, digest_key
from tests.fakes.idcard import ber
from tests.fakes.idcard.authenticity import TRAILERS
from tests.fakes.idcard.issuing import Aa, IssuedCard, Personalisation, issue
from tests.fakes.idcard.keys import Suite
from tests.fakes.idcard.manners import Answers, Manners
from tests.fakes.idcard.people import AN

CHALLENGE = bytes.fromhex("F173589974BF40C6")


def opened(plan: Personalisation, manners: Manners | None = None) -> BareTerminal:
    terminal = BareTerminal(issue(plan, manners).chip)
    assert terminal.bac(plan.person.mrz_information) == 0x9000
    return terminal


def agree(terminal: BareTerminal, suite: Suite) -> None:
    """Chip Authentication; the next command is under the new keys."""
    private = ec.generate_private_key(ec.BrainpoolP256R1())
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    signed = _agreement_key(issue())
    secret = private.exchange(ec.ECDH(), signed)
    if suite is Suite.TRIPLE_DES:
        assert terminal.send("002241A6", b"\x91\x41" + point) == (b"", 0x9000)
    else:
        oid = bytes.fromhex("04007F00070202030202")
        assert terminal.send("002241A4", b"\x80\x0a" + oid) == (b"", 0x9000)
        assert terminal.send("00860000", b"\x7c\x43\x80\x41" + point, "00") == (b"\x7c\x00", 0x9000)
    counter = bytes(suite.block_octets)
    terminal.session = Session(digest_key(secret, 1), digest_key(secret, 2), counter)


def _agreement_key(card: IssuedCard) -> ec.EllipticCurvePublicKey:
    infos = ber.items(ber.value_of(0x31, ber.value_of(0x6E, card.groups[14])))
    (key,) = (ber.items(info)[1] for _, info in infos if ber.items(info)[1][0] == 0x30)
    loaded = serialization.load_der_public_key(ber.tlv(*key))
    assert isinstance(loaded, ec.EllipticCurvePublicKey)
    return loaded


@pytest.mark.parametrize("suite", [Suite.AES_128, Suite.TRIPLE_DES])
def test_chip_authentication_goes_on_with_the_keys_of_the_signed_one_and_a_copy_cannot(suite: Suite) -> None:
    terminal = opened(Personalisation(ca_suite=suite))
    agree(terminal, suite)
    assert terminal.send("00B08100", le="04")[1] == 0x9000
    copy = opened(Personalisation(ca_suite=suite, cloned=True))
    agree(copy, suite)
    assert copy.chip.transmit(copy.protect("00B08100", le="04")) == b"\x69\x88"


@pytest.mark.parametrize("digest", TRAILERS)
@pytest.mark.parametrize("cloned", [False, True])
def test_an_rsa_chip_signs_the_challenge_so_that_it_can_be_recovered(digest: str, *, cloned: bool) -> None:
    plan = Personalisation(aa="rsa", aa_digest=digest, cloned=cloned)
    key = serialization.load_der_public_key(ber.value_of(0x6F, issue(plan).groups[15]))
    assert isinstance(key, rsa.RSAPublicKey)
    signature = _signature(plan)
    assert len(signature) == 256
    numbers = key.public_numbers()
    message = pow(int.from_bytes(signature), numbers.e, numbers.n).to_bytes(256)
    trailer = TRAILERS[digest]
    end = 256 - len(trailer)
    start = end - hashlib.new(digest).digest_size
    right = hashlib.new(digest, message[1:start] + CHALLENGE).digest() == message[start:end]
    assert (message[0] == 0x6A and message.endswith(trailer) and right) is not cloned


def _signature(plan: Personalisation) -> bytes:
    """From a chip of short commands, whose 61xx tells that there is more."""
    terminal = opened(plan, Manners(extended=False))
    answer = terminal.chip.transmit(terminal.protect("00880000", CHALLENGE, "00"))
    while answer[-2] == 0x61:
        answer = answer[:-2] + terminal.chip.transmit(b"\0\xc0\0\0" + answer[-1:])
    signature, sw = terminal.take(answer)
    assert sw == 0x9000
    return signature


def test_an_ecdsa_chip_signs_plainly() -> None:
    card = issue()
    key = serialization.load_der_public_key(ber.value_of(0x6F, card.groups[15]))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signature = _signature(Personalisation())
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key.verify(encode_dss_signature(r, s), CHALLENGE, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(("aa", "ca"), [(None, True), ("ecdsa", False), (None, False)])
def test_what_a_chip_cannot_do_is_neither_signed_nor_known(aa: Aa | None, *, ca: bool) -> None:
    plan = Personalisation(aa=aa, ca=ca)
    groups = issue(plan).groups
    assert (15 in groups) == (aa is not None)
    assert (14 in groups) == (ca or aa == "ecdsa")
    terminal = opened(plan)
    assert (terminal.send("00880000", CHALLENGE, "00")[1] == 0x6D00) == (aa is None)
    point = _agreement_key(issue()).public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    assert terminal.send("00860000", b"\x7c\x43\x80\x41" + point, "00")[1] == (0x6985 if ca else 0x6D00)


def test_answers_may_have_to_be_fetched_and_fetching_does_not_end_the_session() -> None:
    terminal = opened_by_fetching(Answers.GET_RESPONSE)
    command = terminal.protect("00B08100", le="00")
    first = terminal.chip.transmit(command)
    assert (first[0], len(first)) == (0x61, 2)
    part = terminal.chip.transmit(bytes.fromhex("00C0000010"))
    assert part[-2:] == bytes([0x61, first[1] - 0x10])
    rest = terminal.chip.transmit(b"\0\xc0\0\0" + part[-1:])
    assert terminal.take(part[:-2] + rest) == (issue().groups[1], 0x9000)
    assert terminal.chip.transmit(bytes.fromhex("00C0000010")) == b"\x69\x85"


def test_a_chip_may_want_the_exact_length_and_does_the_command_only_once() -> None:
    terminal = opened_by_fetching(Answers.EXACT_LE)
    command = terminal.protect("00B08100", le="00")
    first = terminal.chip.transmit(command)
    assert (first[0], len(first)) == (0x6C, 2)
    assert terminal.take(terminal.chip.transmit(command[:-1] + first[1:])) == (issue().groups[1], 0x9000)


def test_a_chip_may_want_the_exact_length_under_protection() -> None:
    terminal = opened(Personalisation(), Manners(answers=Answers.PROTECTED_EXACT_LE))
    group = issue().groups[1]
    assert terminal.send("00B08100", le="DF") == (b"", 0x6C00 | len(group))
    assert terminal.send("00B08100", le=f"{len(group):02X}") == (group, 0x9000)


def opened_by_fetching(answers: Answers) -> BareTerminal:
    """Access is plain: the manner is put on once it is open, as the terminal here knows nothing of it."""
    card = issue(manners=Manners(extended=False))
    terminal = BareTerminal(card.chip)
    assert terminal.bac(AN.mrz_information) == 0x9000
    card.chip._transport._manners = Manners(extended=False, answers=answers)
    return terminal
