"""What the words and marks of a line tell about its part in the document: heading, question, item, or none."""

import re

from rapidfuzz import fuzz

from helpdesk.text import fold

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s»)\"”]+(?=\S)")
_ENDED = re.compile(r"[.!?…:;»)\"”]$")
_MARKED = re.compile(r"^\W{0,9}(?P<one>[^\W\d_]{6,14})(?:[\s/&|,-]|\bet\b){1,6}(?P<two>[^\W\d_]{6,14})\s*[:;.–—-]\s*")
_NAMED = re.compile(
    r"^(?:rubrique|th[eè]me|partie|chapitre|section|faq)(?:\s+(?:\d+|[ivx]+))?\s*[:.–—-]\s*(?=\S)", re.IGNORECASE
)
_NUMBERED = re.compile(r"^(?:[IVX]{1,4}|\d{1,2}|[A-H])\s?[.)–—-]\s*(?=\S)")
_SIGN = re.compile(
    r"^(?:q|question)\s*\d{0,3}\s*[.:)–—-]\s*(?=\S)|^\d{1,3}\s?[.)–—-]\s*(?=[^\W\d])|^[•►▪*–—-]\s*(?=\S)",
    re.IGNORECASE,
)
_ANSWER_SIGN = re.compile(r"^(?:r|rép|réponse|reponse)\s*\d{0,3}\s*[.:)–—]\s*(?=\S)", re.IGNORECASE)
_OPENER = re.compile(
    r"^(?:et |mais |alors |sinon )?(?:comment|pourquoi|si |quand|combien|que|qu|qui|quoi|quels?|quelles?|ou|est-ce|"
    r"y a-t-il|jusqu|en quoi|"
    r"(?:a|de|dans|pour|par|sur|avec|en|a partir de) (?:qui|quoi|quels?|quelles?))\b"
)
_INVERTED = re.compile(r"\w-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|ce)\b|\best-ce qu")
# « Nous vous invitons » is how offices answer, « nous sommes séparés » how families ask.
_FIRST_PERSON = re.compile(r"^(?:(?:j|je|mon|ma|mes)\b|nous (?:sommes|avons|n'|venons|habitons|devons)\b)")
_LOST_MARK = re.compile(r"\s+[72]$")
_SMALL_WORDS = "a au aux avec dans de des du en et la le les leur leurs ou par pour sa sans ses son sur un une"
_DANGLING = re.compile(rf"(?:,|\b(?:{_SMALL_WORDS.replace(' ', '|')}))$")


def marker_end(text: str) -> int | None:
    """Where the title starts in « Questions / Réponses : … », damaged or not, or in « Thème 2 : … »."""
    if match := _NAMED.match(text):
        return match.end()
    match = _MARKED.match(text)
    if not match:
        return None
    is_marker = fuzz.ratio(fold(match["one"]), "questions") > 75 and fuzz.ratio(fold(match["two"]), "reponses") > 75
    return match.end() if is_marker else None


def asks_only(text: str) -> bool:
    """Whether every finished sentence asks, but for a first-person one that leads to it: « J’ai perdu ma carte. »"""
    sentences = _SENTENCE_END.split(text)
    finished = sentences if text[-1] in ".!?…" else sentences[:-1]
    if _FIRST_PERSON.match(folded(text)) and len(sentences) < 4:
        finished = finished[-1:] if finished[-1:] and finished[-1].endswith("?") else []
    return all(sentence.rstrip('»"” )').endswith("?") for sentence in finished)


def folded(text: str) -> str:
    """The text as its words are compared, without a number or bullet before it."""
    return fold(_SIGN.sub("", text)).replace("’", "'")


def is_item(text: str) -> bool:
    """Whether a line starts an item of a list."""
    return bool(re.match(r"(?:[•►▪*–—-]|\d{1,2}[.)])\s+\S", text))


def opens_question(text: str) -> bool:
    """Whether it begins as a question does: « Comment », « À qui », « Et si »."""
    return bool(_OPENER.match(folded(text)))


def has_question_form(text: str) -> bool:
    """Whether it is put as a question, or in the first person, which answers do not use."""
    plain = folded(text)
    return bool(_OPENER.match(plain) or _INVERTED.search(plain) or _FIRST_PERSON.match(plain))


def is_bare(text: str) -> bool:
    """Whether it is one sentence without a mark at its end, or with a 7 or 2 that may have been one."""
    return len(_SENTENCE_END.split(text)) == 1 and bool(not _ENDED.search(text) or _LOST_MARK.search(text))


def without_mark(text: str) -> int:
    """Where such a sentence ends, the 7 or 2 left out."""
    match = _LOST_MARK.search(text)
    return match.start() if match else len(text)


def is_title(text: str) -> bool:
    """Whether it could be a heading by its marks: one phrase that does not end like a sentence."""
    is_open = not _ENDED.search(text.rstrip("»)")) and not text.endswith(",")
    return is_open and len(_SENTENCE_END.split(without_number(text))) == 1


def is_ended(text: str) -> bool:
    """Whether it ends like a sentence."""
    return bool(_ENDED.search(text))


def dangles(text: str) -> bool:
    """Whether it ends in a word that calls for another."""
    return bool(_DANGLING.search(fold(text)))


def without_number(text: str) -> str:
    """A heading without « 3. » or « IV - » before it."""
    return _NUMBERED.sub("", text)


def without_question_sign(text: str) -> str:
    """A question without « Q : », « 3. » or a bullet before it."""
    return _SIGN.sub("", text)


def without_answer_sign(text: str) -> str:
    """An answer without « R : » before it."""
    return _ANSWER_SIGN.sub("", text)
