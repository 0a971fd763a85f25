"""Mail addresses: what is read, what is refused, and which slips are asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.people.emails import likely_typo, read_email


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("lou@famille.example", "lou@famille.example"),
        ("  Lou.Invente@GMAIL.com ", "lou.invente@gmail.com"),
        ("<lou@free.fr>", "lou@free.fr"),
        ("mailto:lou@free.fr", "lou@free.fr"),
        ("lou@free.fr.", "lou@free.fr"),
        ("lou @ free.fr", "lou@free.fr"),
        ("lou@free. fr", "lou@free.fr"),
        ("lou@free\u00a0.fr", "lou@free.fr"),
        ("lou@orange,fr", "lou@orange.fr"),
        ("lou+ecole@free.fr", "lou+ecole@free.fr"),
        ("ce.0690001A@ac-lyon.fr", "ce.0690001a@ac-lyon.fr"),
    ],
)
def test_an_address_is_read_as_it_was_meant(typed: str, address: str) -> None:
    assert read_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "lou",
        "lou@",
        "@free.fr",
        "lou@free",
        "lou@@free.fr",
        "lou@a@free.fr",
        "lou..i@free.fr",
        "lou invente@free.fr",
        "lou@localhost",
        "lou@[127.0.0.1]",
        "lou@-free.fr",
        f"{'l' * 65}@free.fr",
        f"lou@{'a' * 300}.fr",
        "06 39 98 01 02",
    ],
)
def test_what_no_mail_can_reach_is_refused(typed: str) -> None:
    assert read_email(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.fr", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmail", "gmail.com"),
        ("gmailcom", "gmail.com"),
        ("icloud.fr", "icloud.com"),
        ("orange.f", "orange.fr"),
        ("orange.ft", "orange.fr"),
        ("ornage.fr", "orange.fr"),
        ("rogange.fr", None),
        ("hotmial.fr", "hotmail.fr"),
        ("hotmal.com", "hotmail.com"),
        ("hotmail.f", "hotmail.fr"),
        ("outlok.fr", "outlook.fr"),
        ("yaho.fr", "yahoo.fr"),
        ("wandoo.fr", "wanadoo.fr"),
        ("laposte.ne", "laposte.net"),
        ("lapost.net", "laposte.net"),
        ("free.ft", "free.fr"),
        ("freee.fr", "free.fr"),
        ("sfr.f", "sfr.fr"),
    ],
)
def test_a_slip_of_a_great_provider_is_asked_about(typed: str, meant: str | None) -> None:
    assert likely_typo(f"lou@{typed}") == (f"lou@{meant}" if meant else None)


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "orange.fr",
        "orange.com",
        "hotmail.gr",
        "hotmail.co.uk",
        "yahoo.gr",
        "live.fi",
        "gmx.fr",
        "gmx.net",
        "ymail.com",
        "mail.com",
        "me.com",
        "laposte.fr",
        "laposte.net",
        "sfr.fr",
        "sdr.fr",
        "ssr.fr",
        "lire.fr",
        "grange.fr",
        "mange.fr",
        "range.fr",
        "famille.example",
        "exemple.fr",
        "neuf.fr",
        "ac-lyon.fr",
        "ac-orleans-tours.fr",
        "mail.pf",
        "lagoon.nc",
    ],
)
def test_a_domain_of_its_own_is_left_in_peace(domain: str) -> None:
    assert likely_typo(f"lou@{domain}") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jérôme@orange.fr", "jerome@orange.fr"), ("www.lou@free.fr", "lou@free.fr"), ("Lou@Free.fr", None)],
)
def test_accents_and_www_before_the_at_are_asked_about_and_capitals_are_not(typed: str, meant: str | None) -> None:
    assert likely_typo(typed) == meant


@given(st.text(max_size=80) | st.emails())
def test_any_text_is_read_without_failing_and_settles(text: str) -> None:
    address = read_email(text)

    assert address is None or read_email(address) == address
    meant = likely_typo(address or text)
    assert meant is None or likely_typo(meant) is None
