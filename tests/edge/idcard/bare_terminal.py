"""A terminal in its shortest form, to try the virtual chip by itself; it shares neither the reader's code nor the chip's ciphers."""

import hashlib
import os
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC

from tests.fakes.idcard.chip import VirtualChip
from tests.fakes.idcard.curves import BRAINPOOL_P256R1

PACE_OID: Final = bytes.fromhex("04007F00070202040202")
SELECT_APPLICATION: Final = "00A4040C07A0000002471001"


def digest_key(secret: bytes, counter: int) -> bytes:
    return hashlib.sha1(secret + bytes([0, 0, 0, counter])).digest()[:16]


def _padded(data: bytes, block: int) -> bytes:
    return data + b"\x80" + bytes(block - 1 - len(data) % block)


def des_mac(key: bytes, blocks: bytes) -> bytes:
    """Algorithm 3 as its standard draws it: single DES block by block, then back and forth."""
    state = bytes(8)
    for start in range(0, len(blocks), 8):
        mixed = bytes(a ^ b for a, b in zip(state, blocks[start : start + 8], strict=True))
        state = Cipher(TripleDES(key[:8] * 3), ECB()).encryptor().update(mixed)
    back = Cipher(TripleDES(key[8:] * 3), ECB()).decryptor().update(state)
    return Cipher(TripleDES(key[:8] * 3), ECB()).encryptor().update(back)


def _aes_mac(key: bytes, data: bytes) -> bytes:
    over = CMAC(AES(key))
    over.update(data)
    return over.finalize()[:8]


@dataclass(slots=True)
class Session:
    """The terminal's keys and counter; the length of the counter says which cipher it is."""

    enc: bytes
    mac: bytes
    counter: bytes

    @property
    def block(self) -> int:
        return len(self.counter)

    def step(self) -> None:
        self.counter = (int.from_bytes(self.counter) + 1).to_bytes(self.block)

    def cbc(self) -> "Cipher[CBC]":
        if self.block == 8:
            return Cipher(TripleDES(self.enc + self.enc[:8]), CBC(bytes(8)))
        iv = Cipher(AES(self.enc), ECB()).encryptor().update(self.counter)
        return Cipher(AES(self.enc), CBC(iv))

    def checksum(self, blocks: bytes) -> bytes:
        return (des_mac if self.block == 8 else _aes_mac)(self.mac, self.counter + blocks)


class BareTerminal:
    """Talks to one chip; asserts what the standard says of each answer."""

    def __init__(self, chip: VirtualChip) -> None:
        self.chip = chip
        self.session: Session | None = None

    def plain(self, apdu: str) -> tuple[bytes, int]:
        answer = self.chip.transmit(bytes.fromhex(apdu))
        return answer[:-2], int.from_bytes(answer[-2:])

    def bac(self, mrz_information: str) -> int:
        """The status word of EXTERNAL AUTHENTICATE."""
        assert self.plain(SELECT_APPLICATION) == (b"", 0x9000)
        seed = hashlib.sha1(mrz_information.encode()).digest()[:16]
        enc, mac = digest_key(seed, 1), digest_key(seed, 2)
        challenge, sw = self.plain("0084000008")
        assert sw == 0x9000
        rnd, half = os.urandom(8), os.urandom(16)
        cbc = Cipher(TripleDES(enc + enc[:8]), CBC(bytes(8)))
        token = cbc.encryptor().update(rnd + challenge + half)
        token += des_mac(mac, _padded(token, 8))
        answer, sw = self.plain(f"0082000028{token.hex()}28")
        if sw != 0x9000:
            return sw
        assert des_mac(mac, _padded(answer[:32], 8)) == answer[32:]
        opened = cbc.decryptor().update(answer[:32])
        assert opened[:16] == challenge + rnd
        secret = bytes(a ^ b for a, b in zip(half, opened[16:], strict=True))
        self.session = Session(digest_key(secret, 1), digest_key(secret, 2), challenge[4:] + rnd[4:])
        return sw

    def pace(self, password: bytes, reference: int) -> int:
        """The status word of the last step; AES-128 on brainpoolP256r1."""
        curve = BRAINPOOL_P256R1
        choice = f"800A{PACE_OID.hex()}8301{reference:02X}"
        _, sw = self.plain(f"0022C1A40F{choice}")
        if sw != 0x9000:
            return sw
        encrypted = self._pace_step("10", "", 0x80)
        key = digest_key(password, 3)
        nonce = Cipher(AES(key), CBC(bytes(16))).decryptor().update(encrypted)
        private = ec.generate_private_key(curve.named)
        point = curve.encode(curve.point_of(private.public_key()))
        theirs = curve.decode(self._pace_step("10", f"8141{point.hex()}", 0x82))
        shared = curve.times(private.private_numbers().private_value, theirs)
        base = curve.add(curve.times(int.from_bytes(nonce), curve.generator), shared)
        assert base
        factor = int.from_bytes(os.urandom(31))
        ours = curve.encode(curve.times(factor, base))
        their_key = self._pace_step("10", f"8341{ours.hex()}", 0x84)
        secret = curve.times(factor, curve.decode(their_key))[0].to_bytes(32)
        return self._pace_tokens(secret, ours, their_key)

    def _pace_tokens(self, secret: bytes, ours: bytes, theirs: bytes) -> int:
        mac = digest_key(secret, 2)
        head = bytes.fromhex("7F494F060A") + PACE_OID + bytes.fromhex("8641")
        token = _aes_mac(mac, head + theirs)
        answer, sw = self.plain(f"008600000C7C0A8508{token.hex()}00")
        if sw != 0x9000:
            return sw
        assert answer == bytes.fromhex("7C0A8608") + _aes_mac(mac, head + ours)
        self.session = Session(digest_key(secret, 1), mac, bytes(16))
        return sw

    def _pace_step(self, cla: str, body: str, tag: int) -> bytes:
        length = len(body) // 2
        answer, sw = self.plain(f"{cla}860000{length + 2:02X}7C{length:02X}{body}00")
        assert sw == 0x9000
        assert answer[0] == 0x7C
        assert answer[2] == tag
        return answer[4:]

    def protect(self, header: str, data: bytes = b"", le: str = "") -> bytes:
        """The protected APDU of a command; `le` in hexadecimal, four digits for a long one."""
        session = self.session
        assert session
        session.step()
        head = bytes([int(header[:2], 16) | 0x0C]) + bytes.fromhex(header[2:])
        objects = b""
        if data:
            cryptogram = session.cbc().encryptor().update(_padded(data, session.block))
            odd = head[1] & 1
            value = cryptogram if odd else b"\1" + cryptogram
            assert len(value) < 0x80
            objects += bytes([0x85 if odd else 0x87, len(value)]) + value
        if le:
            objects += bytes([0x97, len(le) // 2]) + bytes.fromhex(le)
        covered = _padded(head, session.block) + (_padded(objects, session.block) if objects else b"")
        objects += b"\x8e\x08" + session.checksum(covered)
        lengths = (
            (b"\0" + len(objects).to_bytes(2), b"\0\0") if len(le) == 4 else (bytes([len(objects)]), b"\0")
        )
        return head + lengths[0] + objects + lengths[1]

    def take(self, answer: bytes, *, odd: bool = False) -> tuple[bytes, int]:
        """What a protected answer says."""
        session = self.session
        assert session
        session.step()
        told, checksum, outer = answer[:-12], answer[-12:-2], answer[-2:]
        assert checksum == b"\x8e\x08" + session.checksum(_padded(told, session.block))
        assert told[-4:-2] == b"\x99\x02"
        assert told[-2:] == outer
        if not told[:-4]:
            return b"", int.from_bytes(outer)
        assert told[0] == (0x85 if odd else 0x87)
        size_of_length = 1 + (told[1] & 0x7F if told[1] & 0x80 else 0)
        cryptogram = told[1 + size_of_length + (not odd) : -4]
        plain = session.cbc().decryptor().update(cryptogram)
        return plain[: plain.rindex(b"\x80")], int.from_bytes(outer)

    def send(self, header: str, data: bytes = b"", le: str = "") -> tuple[bytes, int]:
        """One command under secure messaging."""
        return self.take(
            self.chip.transmit(self.protect(header, data, le)), odd=bool(int(header[2:4], 16) & 1)
        )

    def file(self, fid: int) -> bytes:
        """A whole file by SELECT and short READ BINARY."""
        assert self.send("00A4020C", fid.to_bytes(2)) == (b"", 0x9000)
        content = b""
        while True:
            part, sw = self.send(f"00B0{len(content):04X}", le="00")
            if sw != 0x9000:
                assert sw == 0x6B00
                return content
            content += part
