"""What the markup of mail programs says of an element: hidden, quoted, the history, a signature."""

import re

# Private-use characters that stand in the text until the quotation is told apart: see `quotes`.
QUOTE_OPEN, QUOTE_CLOSE, HISTORY, SIGNATURE, SIGNATURE_CLOSE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
PART = "\ue005"  # another part of the mail begins
MARKS = re.compile("[\ue000-\ue005]")

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
# Outlook writes each line as a paragraph without space around it, and an empty one where it wants space.
_TIGHT = re.compile(
    r"margin\s*:\s*0(?:px|pt|cm|in|mm)?\s*(?:!|;|$)|margin-bottom\s*:\s*(?:0|0?\.0+1)(?:px|pt|cm|in|mm)?\s*(?:!|;|$)",
    re.IGNORECASE,
)
# Gmail's button « indent more »: the person's own words.
_INDENTED = re.compile(r"margin\s*:\s*0(?:px)? 0(?:px)? 0(?:px)? 40px\s*;\s*border\s*:\s*none", re.IGNORECASE)
_TIGHT_CLASSES = frozenset(("msonormal", "msolistparagraph", "msonospacing", "msoplaintext"))
# Newsletters set it on boxes too, whose content has a size of its own: there it hides nothing.
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)
_INLINE = frozenset(("span", "font", "a", "b", "i", "em", "strong", "small", "p"))
# Elements that hold the history, its announcement included; and elements after which the history begins.
_WRAPPER_CLASSES = frozenset((
    "gmail_quote", "gmail_quote_container", "yahoo_quoted", "zmail_extra", "protonmail_quote", "tutanota_quote",
    "sh-quoted-content", "msg_quote", "quoted_mail", "ms-outlook-mobile-reference-message",
))  # fmt: skip
_WRAPPER_IDS = re.compile(
    r"(?:x_)*(?:mail-editor-reference-message-container|olk_src_body_section|yahoo_quoted_\d+)", re.IGNORECASE
)
_HISTORY_CLASSES = frozenset(("outlookmessageheader", "moz-email-headers-table", "wlmailhtml:divrplyfwdmsg"))
_HISTORY_IDS = re.compile(r"(?:x_)*(?:divrplyfwdmsg|appendonsend|zwchr|stopspelling)", re.IGNORECASE)
_SIGNATURE_CLASSES = frozenset((
    "gmail_signature", "moz-signature", "moz-txt-sig", "protonmail_signature_block", "gmail_signature_prefix",
))  # fmt: skip
_SIGNATURE_IDS = re.compile(
    r"(?:x_)*(?:signature|ms-outlook-mobile-signature|applemailsignature|composer_signature|"
    r"lineBreakAtBeginningOfSignature|"
    r"ymail_android_signature|mailbox_signature|messagesignaturesection)",
    re.IGNORECASE,
)


def hides(tag: str, attributes: dict[str, str]) -> bool:
    """Whether no reader would see the element."""
    style = attributes.get("style", "")[:1000]
    return "hidden" in attributes or bool(_HIDING.search(style)) or (tag in _INLINE and bool(_NO_SIZE.search(style)))


def tight(attributes: dict[str, str]) -> bool:
    """Whether no space is shown around the paragraph."""
    classes = attributes.get("class", "").lower().removeprefix("x_").split()
    return not _TIGHT_CLASSES.isdisjoint(classes) or bool(_TIGHT.search(attributes.get("style", "")[:1000]))


def quote_kind(tag: str, attributes: dict[str, str]) -> str:
    """« quote » for one quoted stretch, « wrapper » for a quotation with its announcement, « history » where all that
    follows is the former mail, « signature », or "".
    """
    classes = set(attributes.get("class", "").lower().split())
    identity = attributes.get("id", "") or attributes.get("name", "")
    if classes & _SIGNATURE_CLASSES or _SIGNATURE_IDS.fullmatch(identity):
        return "signature"
    if classes & _WRAPPER_CLASSES or _WRAPPER_IDS.fullmatch(identity):
        return "wrapper" if tag != "blockquote" else "quote"
    if tag == "blockquote":
        return "" if _INDENTED.search(attributes.get("style", "")[:1000]) else "quote"
    if classes & _HISTORY_CLASSES or _HISTORY_IDS.fullmatch(identity):
        return "history"
    return ""
