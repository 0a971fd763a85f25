"""Bytes to text, whatever charset they claim: what is declared, then UTF-8, then Windows-1252; never an error.

No library guesses here: on a line of French they find EBCDIC. The order rests on two facts: text in another charset is
hardly ever valid UTF-8, and what calls itself Latin-1 or ASCII is Windows-1252 (as the WHATWG's table of labels says).
"""

import codecs
import re

from helpdesk.text import clean

# Labels met in mail that Python does not know, or reads more narrowly than mail programs write.
_ALIASES = {
    "ascii": "us-ascii", "ansi_x3.4-1968": "us-ascii", "646": "us-ascii", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "iso-8859-1-windows-3.1-latin-1": "cp1252",
    "ansi": "cp1252", "x-ansi": "cp1252", "iso-8859-8-i": "iso-8859-8", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "windows-874": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "cn-gb": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "cn-big5": "big5hkscs", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "ks_c_5601": "cp949", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8", "utf-8-sig": "utf-8", "utf8mb4": "utf-8", "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "koi8": "koi8-r",
}  # fmt: skip
# A label that says only « not ASCII » or nothing; the bytes decide.
_SAY_NOTHING = frozenset(
    ("", "us-ascii", "unknown-8bit", "x-unknown", "unknown", "default", "none", "binary", "8bit", "7bit", "null")
)
_NOT_CHARSETS = re.compile(
    r"(?:base64|bz2|hex|quopri|rot13|uu|zlib|zip|idna|punycode|unicode.?escape|mbcs|oem|undefined)"
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Two letters of these may happen to be UTF-8; that many are not.
_TWO_BYTES, _ENOUGH = ("gb18030", "big5hkscs", "cp949", "cp932", "euc_jp"), 6
_JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_HIGH = re.compile(rb"[\x80-\xff]")
# One byte of Windows-1252 amid UTF-8, as in a footer that a server added; not the first half of a « é » that was cut.
_OTHER_SCRIPT = re.compile(rb"[\xc6-\xdf\xe0\xe1\xe3-\xee][\x80-\xbf]")
_STRAY = re.compile(rb"(?<![\x80-\xff])[\x80-\xc1\xc4-\xff](?![\x80-\xff])")
# Windows-1252 is Latin-1 but for these; the five bytes that it leaves undefined stay controls.
_C1 = {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_C1_BACK = {ord(char): chr(byte) for byte, char in _C1.items()}
# « Ã© », « â€™ », « Â » before a sign: UTF-8 once read as Windows-1252 and written again.
_SECOND = "\u0080-\u00bfŒœŠšŸŽžƒˆ˜\u2013-\u203a€™"
_TWICE = re.compile(f"[ÂÃ][{_SECOND}]|â€")
_TWICE_PLACES = re.compile(f"(?:[ÂÃÅ][{_SECOND}]|[âï][{_SECOND}]{{2}})+")


def decode(content: bytes, charset: str = "") -> str:
    """The text of these bytes; what cannot be read becomes U+FFFD. Double encoding is undone, wherever it stands."""
    content = bytes(content)
    if not charset and content.isascii() and b"\x1b" not in content:
        return content.decode("ascii")
    return _undo_twice(_decode(content, charset.strip().strip("\"'").lower()))


def is_charset(label: str) -> bool:
    """Whether the label names a charset known here."""
    label = label.strip().lower()
    return label in _SAY_NOTHING or _codec(label) is not None


def names_alphabet(label: str) -> bool:
    """Whether the label tells more than « Western », which is said of anything."""
    return _codec(label.strip().lower()) not in {None, "cp1252", "utf-8"}


def is_utf8(content: bytes) -> bool:
    """Whether every byte beyond ASCII belongs to UTF-8, which text in an alphabet of single bytes never does."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def code_page(number: int) -> str:
    """The label of a Windows code page."""
    return "utf-8" if number == 65001 else f"cp{number}"


def printable(text: str) -> str:
    """Text fit to be stored and shown: see `helpdesk.text.clean`."""
    return clean(text)


def _decode(content: bytes, label: str) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return content[3:].decode("utf-8", "replace")
    codec = _codec(label)
    if codec in {None, "utf-8"} and b"\x1b" in content and any(escape in content for escape in _JAPANESE_ESCAPES):
        codec = "iso2022_jp_ext"
    if codec in {"utf-16", "utf-32"} or (codec is None and content[:2] in {b"\xff\xfe", b"\xfe\xff"}):
        return _wide(content, codec or "utf-16")
    if not _HIGH.search(content) and (codec is None or codec in {"utf-8", "cp1252"}):
        return content.decode("ascii")
    if codec is None or codec in {"cp1252", "utf-8"}:
        return _western(content, declared=codec == "cp1252")
    few = codec in _TWO_BYTES and len(_MULTIBYTE.findall(content)) < _ENOUGH
    if codec.startswith(("iso8859", "cp125", *_TWO_BYTES)) and not few and is_utf8(content):
        return content.decode("utf-8")
    text = content.decode(codec, "replace")
    if codec == "iso2022_jp_ext" and "\ufffd" in text:
        # Signs that vendors added (« ① ») lie where JIS X 0213 has them.
        text = content.replace(b"\x1b$B", b"\x1b$(Q").decode("iso2022_jp_2004", "replace")
    return text


def _western(content: bytes, *, declared: bool = False) -> str:
    """UTF-8 if it is, else Windows-1252; text that is UTF-8 but for a few broken places stays UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    foreign = None if declared else _foreign(content)
    if foreign is not None:
        return foreign
    whole = sum(len(found) for found in _MULTIBYTE.findall(content))
    broken = len(_HIGH.findall(content)) - whole
    if whole > 2 * broken or (not declared and whole and whole >= broken):
        if not _OTHER_SCRIPT.search(content):
            content = _STRAY.sub(lambda byte: _latin(byte[0]).encode(), content)
        return content.decode("utf-8", "replace")
    return _latin(content)


def _latin(content: bytes) -> str:
    return content.decode("latin-1").translate(_C1)


def _foreign(content: bytes) -> str | None:
    """Text whose letters are mostly not ASCII is not Western: Japanese, Chinese or Cyrillic if it reads so."""
    sample = content[:4000]
    letters = len(re.findall(rb"[A-Za-z]", sample))
    if len(_HIGH.findall(sample)) <= 1.5 * letters:
        return None
    for codec, common, share in (
        ("cp932", _japanese, 0.6),
        ("koi8_u", _small_cyrillic, 0.8),  # before Chinese, which these bytes may be too
        ("gb18030", _simple_chinese, 0.6),
        ("euc_jp", _japanese, 0.6),
        ("koi8_u", _small_cyrillic, 0.6),
        ("cp1251", _small_cyrillic, 0.6),
    ):
        text = content.decode(codec, "replace")
        beyond = [char for char in text[:4000] if char > "\x7f"]
        if common is _japanese and not any("\u3041" <= char <= "\u30f6" for char in beyond):
            continue  # no Japanese goes without kana for long; Chinese has none
        if codec == "cp1251" and len(beyond) < 12:
            continue  # « éàèùç »: its small letters are the accented ones of the West
        if beyond and sum(map(common, beyond)) > share * len(beyond) and "\ufffd" not in text[:2000]:
            return text
    return None


def _japanese(char: str) -> bool:
    return "\u3000" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff"


def _simple_chinese(char: str) -> bool:
    """One of the 3,755 that GB 2312 lists first, by use, and the signs that stand between them."""
    return (
        "\u3000" <= char <= "\u3011"
        or "\uff01" <= char <= "\uff5e"
        or ("\u4e00" <= char <= "\u9fff" and b"\xb0" <= char.encode("gb18030")[:1] <= b"\xd7")
    )


def _small_cyrillic(char: str) -> bool:
    return "\u0430" <= char <= "\u045f"


def _wide(content: bytes, codec: str) -> str:
    """UTF-16 or UTF-32; without a mark, the side on which the zeros lie tells the order."""
    if content[:2] not in {b"\xff\xfe", b"\xfe\xff"} and content[:4] != b"\x00\x00\xfe\xff":
        if b"\x00" not in content[:200]:
            return _western(content)
        codec += "-be" if content[:1] == b"\x00" else "-le"
    return content.decode(codec, "replace").removeprefix("\ufeff")


def _codec(label: str) -> str | None:
    """Python's name of the charset, or None when the label tells nothing."""
    if label in _SAY_NOTHING or len(label) > 60 or _NOT_CHARSETS.match(label):
        return None
    for name in (label, label.replace("_", "-"), re.sub(r"[^a-z0-9_-].*", "", label)):
        meant = _ALIASES.get(name, name)
        try:
            found = codecs.lookup(meant).name
            b"a\xe9".decode(found, "replace")
        except (LookupError, ValueError, TypeError, AttributeError, UnicodeError):
            continue
        return "cp1252" if found in {"iso8859-1", "ascii"} else found
    return None


def _undo_twice(text: str) -> str:
    if not _TWICE.search(text):
        return text
    try:
        return _once(text)
    except UnicodeError:
        return _undo_places(text)


def _undo_places(text: str) -> str:
    """Undone where it stands, as in a former mail that came spoilt; a single place may be what is meant."""
    undone, places = _TWICE_PLACES.subn(lambda found: _once_if_whole(found[0]), text)
    # « à » is « Ã » and a hard space, which many programs make soft.
    undone, hard = re.subn("Ã(?: {1,2}|(?=\n))", "à ", undone)
    return undone if places + hard > 1 else text


def _once(text: str) -> str:
    return text.translate(_C1_BACK).encode("latin-1").decode("utf-8")


def _once_if_whole(text: str) -> str:
    try:
        return _once(text)
    except UnicodeError:
        return text
