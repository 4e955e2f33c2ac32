"""The virtual chip against the published vectors (ICAO Doc 9303-11, appendices D and G.1) and OpenSSL's curves."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.edge.idcard.bare_terminal import PACE_OID, SELECT_APPLICATION, BareTerminal
from tests.fakes.idcard.chip import Content, VirtualChip
from tests.fakes.idcard.curves import CURVES, Curve
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.pace import VIETNAMESE
from tests.fakes.idcard.people import check_digit

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "captures" / "icao9303.json").read_text(encoding="utf-8")
)
BAC, PACE = VECTORS["bac"], VECTORS["pace"]
PACE_IC_PRIVATE = (
    "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
    "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
)
"""Doc 9303-11, appendix G.1: the chip's keys of mapping and agreement."""


def scripted_chip(mrz_information: str, randoms: list[bytes], files: dict[int, bytes]) -> VirtualChip:
    """A chip whose next random numbers are known."""
    content = Content(
        files=files,
        mrz_information=mrz_information,
        can="000000",
        bac=True,
        pace=VIETNAMESE,
        card_access=None,
        agreement=None,
        signing=None,
    )
    return VirtualChip(content, Manners(strict=False), rand=lambda _octets: randoms.pop(0))


def test_basic_access_and_the_first_protected_files_are_those_of_the_standard_to_the_octet() -> None:
    seed = bytes.fromhex(BAC["k_seed"])
    assert hashlib.sha1(BAC["mrz_information"].encode()).digest()[:16] == seed
    k_ic = bytes.fromhex("0B4F80323EB3191CB04970CB4052790B")
    ef_com = bytes.fromhex("60145F0104303130365F36063034303030305C026175")
    chip = scripted_chip(BAC["mrz_information"], [bytes.fromhex(BAC["rnd_ic"]), k_ic], {0x011E: ef_com})
    chip.transmit(bytes.fromhex(SELECT_APPLICATION))
    assert chip.transmit(bytes.fromhex("0084000008")).hex().upper() == BAC["rnd_ic"] + "9000"
    answer = chip.transmit(bytes.fromhex("0082000028" + BAC["e_ifd"] + BAC["m_ifd"] + "28"))
    assert answer[:32].hex().upper() == BAC["e_ic"]
    select, read_four, read_rest = BAC["secure_messaging"]
    for exchange in (select, read_four):
        said = chip.transmit(bytes.fromhex(exchange["protected"]))
        assert said.hex().upper() == exchange["response"]
    assert chip.transmit(bytes.fromhex(read_rest["protected"]))[-2:] == b"\x90\x00"


def test_pace_is_that_of_the_standard_to_the_octet() -> None:
    parts = (PACE["document_number"], PACE["date_of_birth"], PACE["date_of_expiry"])
    information = "".join(part + check_digit(part) for part in parts)
    # the chip draws a number and takes the next greater one, so that it is never zero
    privates = [(int(private, 16) - 1).to_bytes(32) for private in PACE_IC_PRIVATE]
    chip = scripted_chip(information, [bytes.fromhex(PACE["nonce"]), *privates], {})
    terminal = BareTerminal(chip)
    assert terminal.plain(f"0022C1A40F800A{PACE_OID.hex()}830101") == (b"", 0x9000)
    steps = [
        ("10860000027C0000", "7C128010" + PACE["encrypted_nonce"]),
        (f"10860000457C438141{PACE['map_ifd_public']}00", "7C438241" + PACE["map_ic_public"]),
        (f"10860000457C438341{PACE['ephemeral_ifd_public']}00", "7C438441" + PACE["ephemeral_ic_public"]),
        (f"008600000C7C0A8508{PACE['token_ifd']}00", "7C0A8608" + PACE["token_ic"]),
    ]
    for command, expected in steps:
        answer, sw = terminal.plain(command)
        assert (answer.hex().upper(), sw) == (expected, 0x9000)
    assert chip._channel
    assert chip._channel.key_enc.hex().upper() == PACE["ks_enc"]
    assert chip._channel.key_mac.hex().upper() == PACE["ks_mac"]


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.named.name)
def test_the_curves_are_those_of_openssl(curve: Curve) -> None:
    assert curve.times(curve.n + 1, curve.generator) == curve.generator
    key = ec.generate_private_key(curve.named)
    point = curve.point_of(key.public_key())
    assert curve.times(key.private_numbers().private_value, curve.generator) == point
    assert curve.times_generator(key.private_numbers().private_value + curve.n) == point
    assert curve.decode(curve.encode(point)) == point
    with pytest.raises(ValueError, match="infinity"):
        curve.times(curve.n, curve.generator)
    with pytest.raises(ValueError, match="not a point"):
        curve.decode(curve.encode((point[0], point[1] ^ 1)))
