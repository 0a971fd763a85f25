"""S/MIME whose letter is inside the signature (smime.p7m, « opaque »): the letter taken out, nothing verified."""

_SIGNED = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_CONSTRUCTED, _OCTETS, _SEQUENCE, _EXPLICIT, _OBJECT = 0x20, 0x04, 0x30, 0xA0, 0x06
_DEEPEST = 12


class _DamagedError(Exception):
    """The bytes are not the BER that they should be."""


def signed_content(content: bytes) -> bytes:
    """The entity within signed data (RFC 5652); empty for encrypted data, and for what is neither."""
    try:
        return _entity(memoryview(content))
    except (_DamagedError, IndexError):
        return b""


def _entity(content: memoryview) -> bytes:
    whole, _rest = _open(content, _SEQUENCE)
    kind, rest = _open(whole, _OBJECT)
    if kind != _SIGNED:
        return b""
    signed, _rest = _open(_open(rest, _EXPLICIT)[0], _SEQUENCE)
    for _ in range(2):  # the version and the digests' names
        _tag, _inside, signed = _next(signed)
    held, _rest = _open(signed, _SEQUENCE)
    _tag, _inside, held = _next(held)
    return b"".join(_octets(_open(held, _EXPLICIT)[0], 0)) if held else b""


def _octets(value: memoryview, depth: int) -> list[bytes]:
    """The pieces of an octet string, which may be cut into several."""
    pieces: list[bytes] = []
    while value and depth < _DEEPEST:
        tag, inside, value = _next(value)
        if tag == _OCTETS:
            pieces.append(bytes(inside))
        elif tag == _OCTETS | _CONSTRUCTED:
            pieces += _octets(inside, depth + 1)
    return pieces


def _open(value: memoryview, expected: int) -> tuple[memoryview, memoryview]:
    tag, inside, rest = _next(value)
    if tag != expected:
        raise _DamagedError
    return inside, rest


def _next(value: memoryview, depth: int = 0) -> tuple[int, memoryview, memoryview]:
    """Tag, content and what follows. Of an indefinite length the content goes up to the end mark, not included."""
    tag, length = value[0], value[1]
    if length < 0x80:
        return tag, _upto(value, 2, length), value[2 + length :]
    if length > 0x80:
        start = 2 + (length & 0x7F)
        size = int.from_bytes(value[2:start], "big")
        return tag, _upto(value, start, size), value[start + size :]
    if depth > _DEEPEST:
        raise _DamagedError
    rest = value[2:]
    while bytes(rest[:2]) != b"\0\0":
        _tag, _inside, rest = _next(rest, depth + 1)
    return tag, value[2 : len(value) - len(rest)], rest[2:]


def _upto(value: memoryview, start: int, size: int) -> memoryview:
    if start + size > len(value):
        raise _DamagedError
    return value[start : start + size]
