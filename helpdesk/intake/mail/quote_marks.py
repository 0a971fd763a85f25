"""The lines by which mail programs announce a former mail: see `quote_words` for what they say in which tongue."""

import re
from collections.abc import Sequence

from helpdesk.intake.mail import quote_words as words

_SPACES = re.compile(r"[\s\u00a0\u202f*]+")

# « Le lun. 3 nov. 2025 à 10:12, X <x@example.org> a écrit : » and its kin.
_OPENS = re.compile(rf"^\W{{0,6}}(?:{words.OPENS})\b", re.IGNORECASE)
_WROTE_END = re.compile(
    rf"\b(?:{words.WROTE})(?!\w)[\s\u00a0\u202f]*(?:[:：][\s\u00a0*>.-]*|-{{2,}}\s*|:?\s*\.{{3}}\s*)$", re.IGNORECASE
)
_NO_COLON = re.compile(rf"(?:{words.WROTE_ALONE})[\s\u00a0-]*$", re.IGNORECASE)
_VERB_THEN_NAME = re.compile(
    rf"^\W{{0,6}}(?:(?:am|op|den|på)\b|.{{1,80}}<\S+@\S+>).{{0,200}}\b(?:{words.WROTE_BEFORE})\b.{{0,200}}[:：]\s*$",
    re.IGNORECASE,
)
# « … à 14:05, X <x@example.org> a écrit :   Bonjour »: the Yahoo application puts the former mail on the same line.
_RUNS_ON = re.compile(
    rf"^\W{{0,6}}(?:{words.OPENS})\b.{{4,60}}\d{{1,2}}[:h]\d{{2}}\b.{{0,150}}<[^<>@\s]+@[^<>\s]+>\s?"
    rf"(?:{words.WROTE})[\s\u00a0]?: \S",
    re.IGNORECASE,
)
# « X a écrit le 03/11/2025 à 14:05 : »
_NAME_WROTE_DATE = re.compile(
    rf"^[^:]{{1,80}}\b(?:{words.WROTE_ALONE}) (?:le|on|am|il|el) .{{0,30}}"
    r"\d{1,2}[:h]\d{2}(?::\d\d)?[^:\d]{0,12}[:：]\s*$",
    re.IGNORECASE,
)
_ADDRESS_FIRST = re.compile(
    r"^(?:missatge de .{1,80}<\S+@\S+>.{0,80}|.{0,80}<\S+@\S+>.{0,60}写道)[:：]\s*$", re.IGNORECASE
)
_DATE_THEN_ADDRESS = re.compile(
    r"^\W{0,4}(?:\w{2,10}\.?,? )?(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[ ./-](?:\w{3,10}\.?|"
    r"\d{1,2})[ ./-]\d{2,4}).{0,120}"
    r"<\s?(?:mailto:)?[^<>@\s]+@[^<>\s]+>[\s\u00a0]*(?:\(.{0,100}\))?[:：]?\s*$"
)
_DATE_THEN_VERB = re.compile(
    r"^\W{0,4}(?:\w{2,10}\.?,? )?\d{1,2}\.? \w{2,10}\.? (?:19|20)\d\d\b.{0,200}" + _WROTE_END.pattern, re.IGNORECASE
)
# A date, a name with its address and a colon, in whatever order and tongue: all three are asked for.
_NAMED_THEN = re.compile(
    r"(?:\d{1,2}[:h.]\d{2}|\b(?:skrev|schrieb|schreef|a écrit|"
    r"wrote)\b)[^.!?]{0,20}.{0,120}<\s?[^<>@\s]+@[^<>\s]+\s?>?"
)
_ENDS_AS_ONE = re.compile(r"[>)]?[\s\u00a0]*[:：]$")
_DATE_FIRST = re.compile(r"\W{0,4}(?:\w{2,10}\.?,? )?\d{1,4}[./年-]? ?(?:\d{1,2}|\w{3,10}\.?)[./月 -]", re.IGNORECASE)
_GOES_ON = re.compile(r"\W{0,6}(?:at|a|à|in|em)\b", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[:h.]\d{2}|\b(?:19|20)\d{2}\b")
_TIME = re.compile(r"\d{1,2}[:h.]\d{2}(?!\d|[./-]\d)")
_ADDRESS = re.compile(r"\S@\S")
_NAMED_ADDRESS_WROTE = re.compile(
    rf"^[^:]{{0,120}}\S+@\S+[^:]{{0,40}}\b(?:{words.WROTE_ALONE})\b[\s\u00a0]*[:：]?\s*$", re.IGNORECASE
)
# How the last line of an announcement ends; looked at first, since it is cheap.
_MAY_END = re.compile(
    r"(?:[:：>)-]|\.\.\.|wrote|écrit|schrieb|scritto|escribió|geschreven|GMT|\d)[\s\u00a0\u202f*>.-]*$", re.IGNORECASE
)
_LONGEST = 450
_LONGEST_VERB = 40
_LINES = 6

_DASHES = r"[-_=—–]{2,}"
_LEAD = r"^[\s>*_|]*"
_ORIGINAL = re.compile(
    rf"{_LEAD}(?:{_DASHES}|\*{{2,}}|<)?[\s*]*(?:{words.ORIGINAL})[\s:*]*(?:{_DASHES}|\*{{2,}}|>)?[\s:*]*$",
    re.IGNORECASE,
)
_ORIGINAL_DASHED = re.compile(rf"{_LEAD}{_DASHES}[\s*]*(?:{words.ORIGINAL})", re.IGNORECASE)
FORWARDED = re.compile(
    rf"(?:{_LEAD}{_DASHES}[\s*]*(?:{words.FORWARDED})[\s:*]*(?:{_DASHES}|\*{{2,}})?[\s*:]*$)"
    rf"|^[\s>*]*(?:{words.FORWARD_BEGINS})[\s\u00a0]*[:：]?[\s*]*$",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(rf"^\s*(?:\[[^\]]*\]\s*)?(?:{words.FORWARD_SUBJECTS})[\s\u00a0]*[:：]", re.IGNORECASE)
_ABOVE = re.compile(rf"^[\s>*#_=-]*(?:{words.REPLY_ABOVE})[\s*#_=:.-]*$", re.IGNORECASE)
_BELOW = re.compile(rf"^[\s>*#_=-]*(?:{words.REPLY_BELOW})[\s*#_=:.-]*$", re.IGNORECASE)
# Orange, La Poste and SFR webmail: « > Message du 03/11/25 10:12 » or « Message du : … », then « De : ».
_WEBMAIL = re.compile(r"^[\s>]*message du[\s\u00a0]*:?[\s\u00a0]*\(?\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}", re.IGNORECASE)
_TITLED_RULE = re.compile(r"^[\s>*]*[-_=]{3,}[^-_=]{3,60}[-_=]{3,}[\s*]*$")
RULE = re.compile(r"^[\s>*]*[-_=—–*─━]{5,}[\s*]*$")

_HEADER_LINE = re.compile(
    r"^[\s\u00a0*_|\[]*(?:"
    + "|".join(f"(?P<{kind}>{labels})" for kind, labels in words.LABELS.items())
    + r")[\s\u00a0*_]*[:：][\s*]*(?P<value>.*)$",
    re.IGNORECASE,
)
# « À : x Objet : y » on one line, as some telephones write it.
_ALSO = {kind: re.compile(rf"\s\*?(?:{words.LABELS[kind]})\*?\s?:", re.IGNORECASE) for kind in ("subject", "date")}
_MAY_HEAD = re.compile(
    r"[\s>]*(?:[-_=—–*─━|\[<]|message du|"
    r"[^\s:：>]{1,20}[\s\u00a0]*(?:[^\s>]{1,8}[\s\u00a0]*){0,2}[*\s]*[:：])",
    re.IGNORECASE,
)
_BLOCK_LINES = 14

SIGNATURE_DASHES = re.compile(r"^\s*(?:--|—|–|-- ?)\s*$")
_LINK = re.compile(r"[ \u00a0]*<https?://[^\s<>]{1,300}>")
_ADDED = re.compile(
    rf"^[\s(<*_\[]*(?:{words.ADDED})[\s)>*_.\]]*(?:\(\S{{1,200}}\)|https?://\S{{1,200}})?[\s)>*_.\]]*$", re.IGNORECASE
)
_SENTENCE = re.compile(words.GOES_ON, re.IGNORECASE)
_MACHINE = re.compile(rf"\b(?:{words.MACHINES})\b", re.IGNORECASE)
_LIST_FOOTER = re.compile(r"^(?:_{2,}|-{20,})\s*$")
_LIST_WORDS = re.compile(words.LIST_WORDS, re.IGNORECASE)


def attribution(lines: Sequence[str], at: int, *, before_quote: int = 0) -> int:
    """How many lines from `at` announce a quotation (« Le … a écrit : »); 0 if none. It may be wrapped over six lines.

    `before_quote`: the place of the quoted line that follows, if one does; less proof is needed then.
    """
    if not lines[at].strip():
        return 0
    if _RUNS_ON.match(lines[at][:_LONGEST]):
        return 1
    window = [
        line.strip().removeprefix(">").strip() for line in lines[at : min(at + _LINES, before_quote or len(lines))]
    ]
    ends = [count for count, line in enumerate(window, start=1) if line and _MAY_END.search(line[-16:])]
    for count in ends:
        said = [line for line in window[:count] if line]
        joined = _SPACES.sub(" ", " ".join(said)) if sum(map(len, said)) <= _LONGEST else ""
        if count > 1 and not _leads(window):
            joined = joined if _OPENS.match(joined) else ""
        last = bool(before_quote) and not any(window[count:])
        if joined and _announces(joined, count, blank=len(said) < count, before_quote=last):
            return 0 if any(_opens_later(lines[later : at + count]) for later in range(at + 1, at + count)) else count
    return 0


def _leads(window: Sequence[str]) -> bool:
    """Whether the first of several lines belongs to the announcement: « Merci » above « X a écrit : » does not."""
    return bool(_DATE.search(window[0]) or _ADDRESS.search(window[0]) or window[1].startswith(("<", "(")))


def _opens_later(lines: Sequence[str]) -> bool:
    """Whether the announcement begins only here, and what stood before is a sentence of its own."""
    text = _SPACES.sub(" ", " ".join(lines)).strip()
    starts = bool(_DATE_FIRST.match(text)) or (bool(_OPENS.match(text)) and not _GOES_ON.match(text))
    return starts and _announces(text, len(lines), blank=False, before_quote=False)


def _announces(text: str, count: int, *, blank: bool, before_quote: bool) -> bool:
    proved = bool(_DATE.search(text)) or bool(_ADDRESS.search(text))
    end = text[-_LONGEST_VERB:]
    if _OPENS.match(text) and proved and (_WROTE_END.search(end) or _NO_COLON.search(end)):
        return True
    if blank or count > 3:
        return False
    if _DATE.search(text) and _ADDRESS.search(text) and _ENDS_AS_ONE.search(text) and _NAMED_THEN.search(text):
        return True
    if proved and any(pattern.match(text) for pattern in (_VERB_THEN_NAME, _DATE_THEN_VERB, _NAME_WROTE_DATE)):
        return True
    if _DATE_THEN_ADDRESS.match(text) or _NAMED_ADDRESS_WROTE.match(text) or (proved and _ADDRESS_FIRST.match(text)):
        return True
    if proved and re.match(r"^-{2,} ?(?:le|on) .{10,300}-{2,}$", text, re.IGNORECASE):
        return True
    dated = bool(_DATE.search(text)) and (
        text.endswith((":", "：")) or bool(_TIME.search(text) and _ADDRESS.search(text))
    )
    ends = bool(_WROTE_END.search(end)) or dated
    return before_quote and count <= 2 and ends and len(text) < 200


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` head a former mail (« De : … Envoyé : … »), separators included; 0 if none."""
    if not _MAY_HEAD.match(lines[at]):
        return 0
    place, separated, skipped = at, False, 0
    while place < len(lines) and skipped < 4:
        line = lines[place]
        if any(pattern.match(line) for pattern in (RULE, _TITLED_RULE, _ORIGINAL, _WEBMAIL)):
            separated = True
        elif line.strip():
            break
        elif place == at:
            return 0
        skipped += 1
        place += 1
    end, kinds, text = _labels(lines, place)
    if _WEBMAIL.match(lines[at]) and "from" in kinds:
        return end - at
    full = {"from", "date", "to", "subject"} & kinds
    # A day alone does not do: a person may write « De : … Date : 12/03/2012 … » of a child.
    addressed = bool(_ADDRESS.search(text)) or bool(_TIME.search(text))
    if "from" in full and len(full) >= 3 and (addressed or separated):
        return end - at
    if "from" in full and ("date" in full or "subject" in full) and (separated or _ADDRESS.search(text)):
        return end - at
    if len(full) >= 3 and separated:
        return end - at
    return 0


def _labels(lines: Sequence[str], place: int) -> tuple[int, set[str], str]:
    """Where the labelled lines end, which kinds there are, and their text. A value may go on over one or two lines."""
    kinds: set[str] = set()
    end, unlabelled, values = place, 0, []
    for number in range(place, min(len(lines), place + _BLOCK_LINES)):
        line = lines[number].strip().lstrip(">").strip()
        found = _HEADER_LINE.match(line)
        if found:
            kind = str(found.lastgroup if found.lastgroup != "value" else next(k for k in words.LABELS if found[k]))
            if kind == "from" and kind in kinds:
                break
            kinds.add(kind)
            values.append(line)
            end, unlabelled = number + 1, 0
            kinds |= {more for more, pattern in _ALSO.items() if pattern.search(found["value"][1:])}
        elif not kinds:
            break
        elif not line:
            unlabelled += 1
            if unlabelled > 1 or {"from", "subject"} <= kinds:
                break
        else:
            unlabelled += 1
            if unlabelled > 2:
                break
            values.append(line)
    return end, kinds, " ".join(values)


def original(line: str) -> bool:
    """Whether the line says « -----Message d’origine----- » or the like, with dashes, or « Répondez au-dessus de cette
    ligne ».
    """
    dashed = bool(_ORIGINAL_DASHED.match(line)) and bool(_ORIGINAL.match(line))
    return dashed or bool(_WEBMAIL.match(line)) or bool(_ABOVE.match(line))


def reply_below(line: str) -> bool:
    """Whether the line says « Écrivez en dessous de cette ligne »: what we sent ends here."""
    return bool(_BELOW.match(line))


def list_footer(lines: Sequence[str], at: int) -> bool:
    """Whether a mailing list's own footer begins here."""
    return bool(_LIST_FOOTER.match(lines[at])) and any(_LIST_WORDS.search(line) for line in lines[at + 1 : at + 6])


def numbered_links(lines: Sequence[str], at: int) -> bool:
    """Whether Roundcube's list of the links in a text begins here: « Links: », dashes, « [1] https:// »."""
    below = lines[at + 1 : at + 3]
    return lines[at] == "Links:" and len(below) == 2 and set(below[0]) == {"-"} and below[1].startswith("[1]")


def added(line: str) -> bool:
    """Whether a telephone, a webmail or an antivirus program wrote this line below the letter."""
    line = _LINK.sub("", line) or line
    return bool(_ADDED.match(line)) and not (_SENTENCE.search(line) and not _MACHINE.search(line))
