"""No bytes make the reader raise anything but UnreadableMail, and none keep it busy for long."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import Mail, UnreadableMail

MAILS = sorted((Path(__file__).parents[2] / "mails").glob("*.eml"))
HEAD = b"From: camille@example.fr\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
SECONDS = 8  # under what the reader promises (10 s), far above what it needs


def read(raw: bytes) -> Mail | None:
    try:
        return read_mail(raw, trusted_host="mx.example.org")
    except UnreadableMail:
        return None


def texts(mail: Mail) -> list[str]:
    names = [address.name + address.address for address in (*mail.to, *mail.cc, *mail.reply_to)]
    return [mail.subject, mail.from_address, mail.from_name, mail.text, mail.reply_text, mail.quoted, *names,
            *(file.name for file in mail.files)]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "From: "]))
def test_any_bytes_are_read_or_refused(raw: bytes, before: str) -> None:
    mail = read(before.encode() + raw)

    for text in texts(mail) if mail else ():
        text.encode("utf-8")
        assert "\x00" not in text


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(MAILS), st.data())
def test_a_damaged_mail_is_still_read(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(raw)))
    raw[start : start + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=60))

    mail = read(bytes(raw))

    for file in mail.files if mail else ():
        assert file.name.strip(". ")
        assert not set(file.name) & set("/\\\x00\n")


WRAPPED = [path for path in MAILS if path.stem.startswith(("winmail-", "smime-"))]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WRAPPED), st.data())
def test_a_damaged_wrapping_is_still_read(path: Path, data: st.DataObject) -> None:
    mail = read_mail(path.read_bytes())
    wrapping = bytearray(mail.files[0].content)
    for _ in range(3):
        wrapping[data.draw(st.integers(0, len(wrapping) - 1))] = data.draw(st.integers(0, 255))
    kind = mail.files[0].content_type.encode()

    damaged = read(HEAD + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: binary\r\n\r\n" + wrapping)

    for text in texts(damaged) if damaged else ():
        text.encode("utf-8")
        assert "\x00" not in text


FLOODS = {
    "announcements": HEAD + b"\r\nOn 3 Nov 2025 at 10:12 x wrote\n" * 8000,
    "quotations": HEAD + b"\r\n" + b"> a\nb\n" * 40_000,
    "quotations of nothing": HEAD + b"\r\n" + b">\n" * 40_000,
    "comments in a type": HEAD + b"Content-Type: " + b"(" * 90_000 + b"\r\n\r\nx",
    "signatures": HEAD + b"\r\nx\n" + b"-- \n" * 8_000,
    "lines of spaces": HEAD + b"\r\n" + (b" " * 480 + b"x\n") * 1000,
    "lines of rules": HEAD + b"\r\n" + (b"_" * 480 + b"x\n") * 1000,
    "one line": HEAD + b"\r\n" + b"_" * 400_000,
    "nested elements": HTML + b"<div>" * 60_000,
    "ampersands": HTML + b"&" * 150_000,
    "unclosed tags": HTML + b"<" * 200_000,
    "nested lists": HTML + b"<ul><li>x" * 8_000,
    "encoded words": b"From: a@b\r\nSubject: " + b"=?utf-8?q?" * 30_000 + b"\r\n\r\nx",
    "quotes in From": b"From: " + b'"' * 60_000 + b"<" * 60_000 + b"\r\n\r\nx",
    "references": HEAD + b"References: " + b"<" * 90_000 + b"\r\n\r\nx",
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    "nested parts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)),
    "quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"= " * 100_000,
    "blanks in quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b" " * 400_000,
    "folds": HEAD + b"X: y\r\n" + b" z\r\n" * 60_000 + b"\r\nx",
    "uuencode": HEAD + b"\r\n" + b"begin 644 a\n" * 8_000,
    "yEnc": HEAD + b"\r\n" + b"=ybegin name=a\n" * 8_000,
    "nested S/MIME": HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\n" + b"\x30\x80" * 100_000,
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_read_in_bounded_time(name: str) -> None:
    started = time.process_time()

    read(FLOODS[name])

    assert time.process_time() - started < SECONDS


def test_a_mail_of_25_megabytes_costs_little_more_than_itself() -> None:
    line = b"QUJD" * 19 + b"\r\n"
    raw = HEAD + b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + line * 320_000
    tracemalloc.start()

    mail = read_mail(raw)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(mail.files[0].content) == 57 * 320_000
    assert peak < 60_000_000


@pytest.mark.parametrize("raw", [b"", b"\r\n \x00", b"Ceci n'est pas un courriel.", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_mail_is_refused_in_french(raw: bytes) -> None:
    with pytest.raises(UnreadableMail, match="courriel"):
        read_mail(raw)
