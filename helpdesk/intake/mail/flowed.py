"""format=flowed (RFC 3676): soft line ends become spaces again, quotation depth kept."""

import re

_DEPTH = re.compile(r">*")


def unflow(text: str, *, delete_space: bool) -> str:
    """The text with each flowed paragraph on one line; quoted lines begin with as many « > » and a space."""
    lines: list[str] = []
    paragraph, paragraph_depth, flowing = "", 0, False
    for line in text.split("\n"):
        depth = _DEPTH.match(line).end()  # type: ignore[union-attr] # it matches nothing as well
        content = line[depth:]
        content = content.removeprefix(" ")
        signature = content == "-- "
        if flowing and (depth != paragraph_depth or signature):
            lines.append(_quoted(paragraph, paragraph_depth))
            paragraph, flowing = "", False
        flows = content.endswith(" ") and not signature
        paragraph += content[:-1] if flows and delete_space else content
        paragraph_depth, flowing = depth, flows
        if not flows:
            lines.append(_quoted(paragraph, depth))
            paragraph = ""
    if flowing:
        lines.append(_quoted(paragraph, paragraph_depth))
    return "\n".join(lines)


def _quoted(content: str, depth: int) -> str:
    return f"{'>' * depth} {content}" if depth else content
