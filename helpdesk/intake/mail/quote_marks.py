"""The lines by which mail programs announce a former mail, in French, English and a few neighbouring tongues."""

import re
from collections.abc import Sequence

_SPACES = re.compile(r"[\s\u00a0\u202f*]+")

# « Le lun. 3 nov. 2025 à 10:12, X <x@example.org> a écrit : » and its kin: how it begins, and the verb that ends it.
_OPENS = re.compile(
    r"^\W{0,6}(?:le|on|at|in(?: message| article)|am|el|il|em|op|den|w dniu|dnia|dne|på|en date du|a la date du|"
    r"à la date du"
    r"|vào|pe|em|a)\b",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:a[ ]écrit|a[ ]ecrit|écrivait|écrit|nous a dit|a r[ée]pondu|wrote|writes|said|schrieb(?:en)?|geschrieben|"
    r"escribió|escribio|"
    r"ha scritto|scrisse|escreveu|schreef|geschreven|napisał(?:\(a\))?|napsal(?:\(a\))?|skrev|kirjoitti|a scris|"
    r"đã viết|написал(?:\(а\))?|"
    r"пише|пишет|写道|さんは書きました|sent)(?!\w)",
    re.IGNORECASE,
)
_WROTE_END = re.compile(
    _WROTE.pattern + r"[\s\u00a0\u202f]*(?:[:：][\s\u00a0*>.-]*|-{2,}\s*|:?\s*\.{3}\s*)$", re.IGNORECASE
)
_NO_COLON = re.compile(r"(?:a écrit|wrote|schrieb|ha scritto|escribió)[\s\u00a0-]*$", re.IGNORECASE)
_VERB_THEN_NAME = re.compile(
    r"^\W{0,6}(?:(?:am|op|den|på)\b|.{1,80}<\S+@\S+>).{0,200}\b(?:schrieb|schreef|skrev|wrote|"
    r"a écrit)\b.{0,200}[:：]\s*$",
    re.IGNORECASE,
)
_DATE_THEN_ADDRESS = re.compile(
    r"^\W{0,4}(?:\w{2,10}\.?,? )?(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[ ./-](?:\w{3,10}\.?|"
    r"\d{1,2})[ ./-]\d{2,4}).{0,120}"
    r"<\s?(?:mailto:)?[^<>@\s]+@[^<>\s]+>[\s\u00a0]*(?:\(.{0,100}\))?[:：]?\s*$"
)
_DATE_THEN_VERB = re.compile(
    r"^\W{0,4}(?:\w{2,10}\.?,? )?\d{1,2} \w{2,10}\.? (?:19|"
    r"20)\d\d\b.{0,200}" + _WROTE_END.pattern,
    re.IGNORECASE,
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
_ADDRESS = re.compile(r"\S@\S")
_NAMED_ADDRESS_WROTE = re.compile(
    r"^[^:]{0,120}\S+@\S+[^:]{0,40}\b(?:a écrit|wrote|writes|schrieb|escribió|ha scritto)\b[\s\u00a0]*[:：]?\s*$",
    re.IGNORECASE,
)
# How the last line of an announcement ends; looked at first, since it is cheap.
_MAY_END = re.compile(
    r"(?:[:：>)-]|\.\.\.|wrote|écrit|schrieb|scritto|escribió|geschreven|GMT|\d)[\s\u00a0\u202f*>.-]*$", re.IGNORECASE
)
_LONGEST = 450
_LINES = 6

_DASHES = r"^[\s>*_|]*(?:[-_=—–]{2,}|\*{2,}|<)?[\s*]*"
_ORIGINAL = (
    r"(?:original[ -]message|originale? nachricht|message d['’ ]?origine|message original|message initial|"
    r"mail original|"
    r"e-?mail d['’]origine|courriel d['’]origine|courriel original|courrier original|message pr[ée]c[ée]dent|"
    r"reply message|"
    r"ursprüngliche (?:nachricht|mail|e-mail)|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|"
    r"oprindelig meddelelse|opprinnelig melding|originalmeddelande|ursprungligt meddelande|oryginalna wiadomość|"
    r"wiadomość oryginalna|исходное сообщение|原始邮件|original email|reply above this line|previous message|"
    r"réponse au message)"
)
_FORWARDED = (
    r"(?:forwarded message|forwarded mail|message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]|mail transf[ée]r[ée]|"
    r"courriel transf[ée]r[ée]|"
    r"message fwd|weitergeleitete nachricht|weitergeleitete e-mail|mensaje reenviado|mensagem encaminhada|"
    r"messaggio inoltrato|doorgestuurd bericht|videresendt (?:besked|melding)|vidarebefordrat meddelande|"
    r"forwarded by .{1,80}|"
    r"transf[ée]r[ée] par .{1,80})"
)
ORIGINAL = re.compile(_DASHES + _ORIGINAL + r"[\s:*]*(?:[-_=—–]{2,}|\*{2,}|>)?[\s:*]*$", re.IGNORECASE)
_ORIGINAL_DASHED = re.compile(r"^[\s>*_|]*[-_=—–]{2,}[\s*]*" + _ORIGINAL, re.IGNORECASE)
FORWARDED = re.compile(
    r"(?:^[\s>*_|]*[-_=—–]{2,}[\s*]*" + _FORWARDED + r"[\s:*]*(?:[-_=—–]{2,}|\*{2,})?[\s*:]*$)"
    r"|^[\s>*]*(?:d[ée]but du (?:message|courriel) (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|begin forwarded message|"
    r"anfang der weitergeleiteten (?:nachricht|e-mail|mail)|inicio del mensaje reenviado|inizio messaggio inoltrato|"
    r"message transf[ée]r[ée])[\s\u00a0]*[:：]?[\s*]*$",
    re.IGNORECASE,
)
# Orange, La Poste and SFR webmail: « > Message du 03/11/25 10:12 » or « Message du : … », then « De : ».
_WEBMAIL = re.compile(r"^[\s>]*message du[\s\u00a0]*:?[\s\u00a0]*\(?\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}", re.IGNORECASE)
_TITLED_RULE = re.compile(r"^[\s>*]*[-_=]{3,}[^-_=]{3,60}[-_=]{3,}[\s*]*$")
RULE = re.compile(r"^[\s>*]*[-_=—–*─━]{5,}[\s*]*$")

_LABELS = {
    "from": r"from|de|von|da|van|fra|från|od|lähettäjä|exp[ée]diteur|発信者|发件人|差出人|от",
    "date": r"sent|date|envoy[ée](?:e)?(?: le)?|date d['’]envoi|gesendet(?: am)?|datum|enviad[oa](?: el| em)?|"
    r"fecha(?: de envío)?|inviato|data|"
    r"verzonden|sendt|skickat|wysłano|lähetetty|发送时间|送信日時|дата|отправлено|le",
    "to": r"to|à|a|an|para|aan|til|till|do|destinataires?|pour|per|收件人|宛先|кому|envoy[ée] à|vastaanottaja",
    "subject": r"subject|objet|sujet|betreff|asunto|oggetto|onderwerp|emne|ämne|assunto|temat|aihe|主题|件名|тема",
    "cc": r"cc|copie(?: à)?|c\.c\.|cci|bcc|kopie|importance|priorit[ée]|pi[èe]ces? jointes?|attachments?|"
    r"r[ée]pondre à|reply-to|antwort an|sent by|wichtigkeit",
}
_HEADER_LINE = re.compile(
    r"^[\s\u00a0*_|\[]*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")[\s\u00a0*_]*[:：][\s*]*(?P<value>.*)$",
    re.IGNORECASE,
)
_MAY_HEAD = re.compile(
    r"[\s>]*(?:[-_=—–*─━|\[<]|message du|"
    r"[^\s:：]{1,20}[\s\u00a0]*(?:\S{1,8}[\s\u00a0]*){0,2}[*\s]*[:：])",
    re.IGNORECASE,
)
_BLOCK_LINES = 14

SIGNATURE_DASHES = re.compile(r"^\s*(?:--|—|–|-- ?)\s*$")
# What telephones and webmail add below the letter; each must be (nearly) the whole line.
ADDED = re.compile(
    r"^[\s(<*_\[]*(?:"
    r"(?:envoy[ée]|exp[ée]di[ée])(?:e)? (?:de|depuis|à partir de|à partir d['’]|via|avec|par|du|d['’]un|"
    r"sur)\b ?(?:mon|ma|l['’]|la|le|un|une|my)?.{1,60}"
    r"|sent (?:from|via|with|by|using) (?:my|mobile|the|a|an|yahoo|outlook|mail|samsung|android|type ?app|galaxy|"
    r"proton|gmail|windows|"
    r"iphone|ipad|blackberry|nine|k-9|mailbox|airmail|aqua|bluemail|spark|superhuman|front|sina|zoho|aol|an?droid|\[|"
    r"\S*mail)\b.{0,60}"
    r"|from my (?:iphone|ipad|android|mobile|phone|samsung|blackberry).{0,20}"
    r"|t[ée]l[ée]charger? outlook pour .{1,40}|obtenez outlook pour .{1,40}|obtenir (?:(?:l['’]application )?outlook|"
    r"bluemail|typeapp).{1,40}"
    r"|get (?:\[?outlook|bluemail|typeapp).{1,60}|provenance[\s\u00a0]*: ?courrier pour windows.{0,60}"
    r"|von meinem .{1,40} gesendet|gesendet (?:von|mit|über) .{1,50}|diese nachricht wurde von .{1,60} gesendet"
    r"|enviad[oa] (?:desde|do|pelo) .{1,50}|inviato (?:da|dal) .{1,40}|verzonden (?:met|vanaf) .{1,40}|"
    r"verstuurd vanaf .{1,40}"
    r"|sendt fra min .{1,40}|skickat från min .{1,40}|hol(?:en sie sich)? .{0,10}outlook für .{1,40}|"
    r"courriel envoy[ée] depuis .{1,60}"
    r"|message envoy[ée] (?:depuis|avec|à partir).{1,60}|de mon (?:iphone|ipad|mobile|t[ée]l[ée]phone)|"
    r"從我的 .{1,20}傳送|iphone ?から送信"
    r")[\s)>*_.\]]*(?:<\S{1,200}>|\(\S{1,200}\)|https?://\S{1,200})?[\s)>*_.\]]*$",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(r"^(?:_{2,}|-{20,})\s*$")
_LIST_WORDS = re.compile(
    r"mailing list|liste de diffusion|listinfo|lists?\.|list-|@lists?\b|unsubscribe|désabonn", re.IGNORECASE
)


def attribution(lines: Sequence[str], at: int, *, before_quote: int = 0) -> int:
    """How many lines from `at` announce a quotation (« Le … a écrit : »); 0 if none. It may be wrapped over six lines.

    `before_quote`: the place of the quoted line that follows, if one does; less proof is needed then.
    """
    if not lines[at].strip():
        return 0
    window = [
        line.strip().removeprefix(">").strip() for line in lines[at : min(at + _LINES, before_quote or len(lines))]
    ]
    ends = [count for count, line in enumerate(window, start=1) if line and _MAY_END.search(line[-16:])]
    for count in ends:
        said = [line for line in window[:count] if line]
        joined = _SPACES.sub(" ", " ".join(said)) if sum(map(len, said)) <= _LONGEST else ""
        if count > 1 and not _leads(window):
            joined = joined if _OPENS.match(joined) else ""
        if joined and _announces(joined, count, blank=len(said) < count, before_quote=bool(before_quote)):
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
    if _OPENS.match(text) and proved and (_WROTE_END.search(text) or _NO_COLON.search(text)):
        return True
    if blank or count > 3:
        return False
    if _DATE.search(text) and _ADDRESS.search(text) and _ENDS_AS_ONE.search(text) and _NAMED_THEN.search(text):
        return True
    if proved and (_VERB_THEN_NAME.match(text) or _DATE_THEN_VERB.match(text)):
        return True
    if _DATE_THEN_ADDRESS.match(text) or _NAMED_ADDRESS_WROTE.match(text):
        return True
    if proved and re.match(r"^-{2,} ?(?:le|on) .{10,300}-{2,}$", text, re.IGNORECASE):
        return True
    ends = bool(_WROTE_END.search(text)) or (bool(_DATE.search(text)) and text.endswith((":", "：")))
    return before_quote and count <= 2 and ends and len(text) < 200


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` head a former mail (« De : … Envoyé : … »), separators included; 0 if none."""
    if not _MAY_HEAD.match(lines[at]):
        return 0
    place, separated, skipped = at, False, 0
    while place < len(lines) and skipped < 4:
        line = lines[place]
        if any(pattern.match(line) for pattern in (RULE, _TITLED_RULE, ORIGINAL, _WEBMAIL)):
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
    addressed = bool(_ADDRESS.search(text)) or bool(_DATE.search(text))
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
            kind = str(found.lastgroup if found.lastgroup != "value" else next(k for k in _LABELS if found[k]))
            if kind == "from" and kind in kinds:
                break
            kinds.add(kind)
            values.append(line)
            end, unlabelled = number + 1, 0
            # « À : x Objet : y » on one line, as some telephones write it.
            for more, words in _LABELS.items():
                if more in {"subject", "date"} and re.search(
                    rf"\s\*?(?:{words})\*?\s?:", found["value"][1:], re.IGNORECASE
                ):
                    kinds.add(more)
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
    """Whether the line says « -----Message d’origine----- » or the like, with dashes."""
    return (bool(_ORIGINAL_DASHED.match(line)) and bool(ORIGINAL.match(line))) or bool(_WEBMAIL.match(line))


def list_footer(lines: Sequence[str], at: int) -> bool:
    """Whether a mailing list's own footer begins here."""
    return bool(_LIST_FOOTER.match(lines[at])) and any(_LIST_WORDS.search(line) for line in lines[at + 1 : at + 6])
