"""Reading a file whole, in as few round trips as can be (ISO/IEC 7816-4:2020, 11.3; ICAO Doc 9303-10, 3.6).

The first READ BINARY selects the file by its short identifier and brings its head and its front at once.
"""

from typing import Final

from edge.idcard.apdu import END_OF_FILE, MAX_SHORT_LE, OK, Command, Response
from edge.idcard.blocks import Blocks
from edge.idcard.errors import GarbledError, RefusedError, UnreadableError
from edge.idcard.exchange import Exchange
from edge.idcard.groups import File
from edge.idcard.tlv import encode_object, read_head, read_value

MAX_PHOTO_FILE_BYTES: Final = 128 * 1024
MAX_FILE_BYTES: Final = 16 * 1024

_BY_SFI: Final = 0x80
_MAX_PLAIN_OFFSET: Final = 0x7FFF
_OFFSET: Final = 0x54
_DISCRETIONARY: Final = 0x53
_DISCRETIONARY_HEAD_BYTES: Final = 4
_WRONG_LE: Final = 0x6C


def read_file(exchange: Exchange, file: File, blocks: Blocks) -> bytes:
    """Return the file from its tag to the end of its value.

    RefusedError (SW 6A82: there is none), UnreadableError when it is another file or larger than it may be, GarbledError when
    the card does not give what it announced.
    """
    front = _front(exchange, file, blocks)
    head = read_head(front, file.name)
    size = head.size + head.length
    if head.tag != file.tag:
        raise UnreadableError(f"{file.name}: begins with another tag than {file.tag:02X}")
    if size > (MAX_PHOTO_FILE_BYTES if file is File.DG2 else MAX_FILE_BYTES):
        raise UnreadableError(f"{file.name}: larger than it may be")
    data = bytearray(front[:size])
    while len(data) < size:
        data += _piece(exchange, file, blocks, len(data), size)
    return bytes(data)


def _front(exchange: Exchange, file: File, blocks: Blocks) -> bytes:
    """Read from the beginning, by the short identifier or, where the card does not know it, by SELECT."""
    le = blocks.first_bytes(_overhead(exchange))
    response = _read(exchange, blocks, Command(0x00, 0xB0, _BY_SFI | file.sfi, 0x00, le=le))
    if response.sw not in {OK, END_OF_FILE}:
        exchange.ask(Command(0x00, 0xA4, 0x02, 0x0C, file.fid.to_bytes(2)), f"SELECT {file.name}")
        response = _read(exchange, blocks, Command(0x00, 0xB0, 0x00, 0x00, le=le))
    return _data(file, blocks, response, le)


def _piece(exchange: Exchange, file: File, blocks: Blocks, offset: int, size: int) -> bytes:
    room = blocks.bytes_at_once(_overhead(exchange))
    if offset <= _MAX_PLAIN_OFFSET:
        le = min(room, size - offset)
        response = _read(exchange, blocks, Command(0x00, 0xB0, offset >> 8, offset & 0xFF, le=le))
        return _data(file, blocks, response, le)
    le = min(room, size - offset + _DISCRETIONARY_HEAD_BYTES)
    where = encode_object(_OFFSET, offset.to_bytes(3))
    response = _read(exchange, blocks, Command(0x00, 0xB1, 0x00, 0x00, where, le))
    piece = read_value(_data(file, blocks, response, le), _DISCRETIONARY, file.name)
    if not piece or len(piece) > size - offset:
        raise GarbledError(f"{file.name}: an answer is empty, or longer than what is left")
    return piece


def _read(exchange: Exchange, blocks: Blocks, command: Command) -> Response:
    blocks.asking(command.le or 0)
    response = exchange.send(command)
    if response.sw >> 8 != _WRONG_LE:
        return response
    le = response.sw & 0xFF or MAX_SHORT_LE
    return exchange.send(Command(command.cla, command.ins, command.p1, command.p2, command.data, le))


def _data(file: File, blocks: Blocks, response: Response, le: int) -> bytes:
    if response.sw not in {OK, END_OF_FILE}:
        raise RefusedError(f"READ BINARY of {file.name}", response.sw)
    if not 0 < len(response.data) <= le:
        raise GarbledError(f"{file.name}: an answer is empty, or longer than asked for")
    blocks.passed(len(response.data))
    return response.data


def _overhead(exchange: Exchange) -> int:
    return exchange.channel.overhead if exchange.channel else 0
