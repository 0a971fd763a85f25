"""Secrets known only by the words around them: « mon mot de passe est … », « le code reçu est … ».

From each word that announces a secret we step forward (« que », « j’ai », « reçu », « est ») until a token can be the
secret, and look a few words back (« … est mon mot de passe »). Steps are bounded: time is linear.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from helpdesk.privacy import words
from helpdesk.privacy.found import KEPT, MASKED, Found, Kind, with_walls
from helpdesk.privacy.steps import PLAIN, Announced, Step, matched, steps, token

_STUCK = re.compile(r"[!?*]{0,4}")
_AND = re.compile(r"\s{0,3}(?:[,/]|\b(?:et|ou|puis|and|or)\b)\s{0,3}(?:(?:et|ou|puis)\s{1,3})?[«\"“]?\s?")
_CLAUSE_END = re.compile(r"\s{0,3}(?:\Z|[.,;:!)\n»\"”/]|(?:et|mais|merci|cordialement|svp|identifiant|login)(?!\w))")
_SPECIAL = re.compile(r"[@#$%&+_!*^~\\=]")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_ADJECTIVE = re.compile(r"(?:ée?s?|[aeu]nte?s?|[ai]bles?|iques?|euse|eux)$")
_NUMBER_AFTER = re.compile(r" [0-9]{1,4}(?![0-9a-z])")
_DIGITS = re.compile(
    r"(?!20[0-9]{2}-20)[0-9]{4}-[0-9]{4}(?!\w)|[0-9]{4,8}(?!\w)|[0-9]{2}([ -])[0-9]{2}\1[0-9]{2}(?!\w)"
    r"|[0-9]{3}[ -][0-9]{3}(?!\w)"
)
_MORE_DIGITS = re.compile(rf"[ .,/-]?[0-9{MASKED}{KEPT}]")
_MIXED = re.compile(r"[a-z0-9]{5,10}|[a-z0-9]{2,5}-[a-z0-9]{2,5}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ERROR = re.compile(
    rf"(?:erreur|error|\bbug)\w{{0,3}}(?:[^\w{MASKED}]{{1,5}}(?:\w{{1,30}}|{MASKED}+)){{0,3}}[^\w{MASKED}]{{0,5}}\Z"
)
_THREE_WORDS = re.compile(rf"(?:[^\w{MASKED}]{{0,3}}(?:\w{{1,30}}|{MASKED}+)){{0,3}}")
_TYPED = re.compile(r"\b(?:tape|mis|mets|saisis?|utilise|entre|rentre|choisi|essaye)\s{1,3}(?:(?:le|mon|ce)\s{1,3})?\Z")
_BEFORE = re.compile(
    rf"(?<!\S)(?P<value>[^\s{MASKED}{KEPT}]{{3,40}}|[0-9]{{3}}[ -][0-9]{{3}})\s{{1,3}}(?:[:(-]\s?)?"
    r"(?:(?<=[:(-]\s)|(?:(?:c'?\s?est|est|etait|c|comme|en|pour|par|recu|is|as)\s{1,3}){1,3})"
    r"(?:(?:mon|le|la|ma|son|votre|notre|un|bien|ancien|nouveau|my|the|your)\s{1,3}){0,2}\Z"
)


def find_said(shown: str, ground: str) -> list[Found]:
    """Passwords, then codes, that the words around them give away; none overlapping.

    `ground` is `shown`, place for place, folded and walled. « SMS » may stand between another announcing word and its
    secret, so it comes last.
    """
    found: list[Found] = []
    every = list(words.ANNOUNCES.finditer(ground))
    for sorts in ({"password", "pair"}, {"code", "pin"}, {"sms"}):
        limits = [match for match in every if match.lastgroup != "sms" or sorts == {"sms"}]
        here = list(_said(shown, ground, sorts, limits))
        ground = with_walls(ground, ((one.start, one.end) for one in here), MASKED)
        found += here
    return found


def _said(shown: str, ground: str, sorts: set[str], limits: list[re.Match[str]]) -> Iterator[Found]:
    free = 0
    for match, following in zip_longest(limits, limits[1:]):
        until = following.start() if following else len(ground)
        if match.lastgroup not in sorts or match.start() < free or ground[match.start()] == MASKED:
            continue
        announced = Announced(shown, ground, match.lastgroup, match.start(), match.end(), free, until)
        for start, end in _before(announced) + _after(announced):
            yield Found(Kind.PASSWORD if announced.is_password else Kind.CODE, start, end)
            free = end


def _after(announced: Announced) -> list[tuple[int, int]]:
    """The secret after the announcing word, and those listed with it (« toto12, toto13 et toto14 »)."""
    for step in steps(announced):
        if announced.sort == "password" or any(words.IDENTIFIER.fullmatch(word) for word in step.lead):
            end = _password_end(announced, step)
        else:
            end = None if announced.is_password else _code_end(announced, step)
        if end is not None:
            return [(step.start, end), *_listed(announced, end)]
    return []


def _password_end(announced: Announced, step: Step) -> int | None:
    """Where the password ends, if this token is one."""
    ground = announced.ground
    if step.quoted:
        inside = re.findall(r"\w+", ground[step.start : step.end])
        dull = any(words.DULL.fullmatch(word) for word in inside if len(word) > 3 or len(inside) == 1)
        return step.end if step.near and not dull else None
    firm = step.link in {":", "est"}
    if _is_strong(announced.shown[step.start : step.end], step.word):
        named = words.NAMES_WITH_NUMBER.fullmatch(step.word) and not (firm and step.near)
        return _with_stuck_signs(ground, step.end) if _is_placed(step) and not named else None
    if re.fullmatch(r"[0-9]{4,9}", step.word):
        said = step.near and (firm or len(step.word) >= 6) and not step.new_line
        return _with_stuck_signs(ground, step.end) if said and not _goes_on(ground, step.end) else None
    given = not words.GIVEN.isdisjoint(step.lead)
    return _plain_password_end(announced, step) if firm and not step.new_line and (step.near or given) else None


def _is_strong(shown: str, word: str) -> bool:
    """Letters with digits or signs among them, as no word of a sentence has."""
    if words.ORDINARY.fullmatch(word) or word in words.BRANDS:
        return False
    letters = any(char.isalpha() for char in word)
    digits = any(char.isdigit() for char in word)
    if PLAIN.fullmatch(word):
        return _INNER_CAPITAL.search(shown) is not None
    return letters and (digits or _SPECIAL.search(word) is not None)


def _is_ordinary(word: str) -> bool:
    return bool(words.ORDINARY.fullmatch(word) or words.NAMES_WITH_NUMBER.fullmatch(word))


def _is_placed(step: Step) -> bool:
    """Whether what looks like a password stands where one is said: linked, near, or in the same breath."""
    if step.link:
        return len(step.word) >= 4
    breath = len(step.lead) <= 8 and "," not in step.lead and KEPT not in step.lead
    elsewhere = step.lead and (step.lead[-1] in words.ELSEWHERE or not words.NUMBERED.isdisjoint(step.lead[-2:]))
    return len(step.word) >= 6 and (step.near or (breath and not elsewhere))


def _plain_password_end(announced: Announced, step: Step) -> int | None:
    """« mdp : soleil », « soleil 2015 »: ends its clause, and is no word said of passwords (« refusé », « perdu »)."""
    ground = announced.ground
    if len(step.word) < 3 or not PLAIN.fullmatch(step.word) or step.word in words.STOPS or "," in step.lead:
        return None
    if words.ANNOUNCES.match(ground, step.start) or words.DULL.fullmatch(step.word) or step.word in words.BRANDS:
        return None
    if _ADJECTIVE.search(announced.shown[step.start : step.end]):
        return None
    end = step.end + len(matched(_NUMBER_AFTER, ground, step.end))
    return _with_stuck_signs(ground, end) if _CLAUSE_END.match(ground, end) else None


def _with_stuck_signs(ground: str, end: int) -> int:
    return end + len(matched(_STUCK, ground, end))


def _code_end(announced: Announced, step: Step) -> int | None:
    """Where the code ends, if this token begins one."""
    ground = announced.ground
    if not words.OTHER_CODES.isdisjoint(step.lead):
        return None
    secret = announced.sort != "code" or not words.SECRET_CODES.isdisjoint(step.lead) or announced.comes_after(_TYPED)
    digits = matched(_DIGITS, ground, step.start)
    if not digits:
        mixed = _MIXED.fullmatch(step.word) and any(char.isdigit() for char in step.word)
        said = secret and announced.sort != "sms" and (step.link or step.near)
        return step.end if mixed and said and not _is_ordinary(step.word) else None
    end = step.start + len(digits)
    size = sum(char.isdigit() for char in digits)
    year = _YEAR.fullmatch(digits) is not None
    if secret:
        accepted = _is_secret_code(step, announced.sort, size, year)
    else:
        accepted = _is_bare_code(step, size, year or announced.comes_after(_ERROR))
    return end if accepted and not _goes_on(ground, end) else None


def _is_secret_code(step: Step, sort: str, size: int, year: bool) -> bool:
    """A code said to be received, to activate … With a link any length is it, without one it must stand near."""
    if step.link:
        return True
    if sort == "sms" and size < 6 and "code" not in step.lead:
        return False
    breath = len(step.lead) <= 5 and "," not in step.lead and KEPT not in step.lead
    placed = step.near or (size >= 6 and breath)
    return placed and not year and not (step.lead and step.lead[-1] in words.PLACES)


def _is_bare_code(step: Step, size: int, doubtful: bool) -> bool:
    """« le code est 4829 », « code 482913 ». Five digits may be a postal code; four alone, a year or an error."""
    if doubtful or size == 5:
        return False
    if step.link:
        return step.near or size >= 6
    return size >= 6 and len(step.lead) <= 1 and words.PLACES.isdisjoint(step.lead)


def _goes_on(ground: str, end: int) -> bool:
    """Whether more digits follow, so that these are part of something else."""
    return _MORE_DIGITS.match(ground, end) is not None


def _listed(announced: Announced, end: int) -> list[tuple[int, int]]:
    """What follows a secret with « , » or « et » and looks like one as well."""
    spans: list[tuple[int, int]] = []
    while joint := _AND.match(announced.ground, end):
        start = joint.end()
        word = token(announced.ground, start)
        end = start + len(word)
        if announced.is_password:
            alike = len(word) >= 5 and _is_strong(announced.shown[start:end], word) and not _is_ordinary(word)
        else:
            alike = re.fullmatch(r"[0-9]{4}|[0-9]{6,8}", word) is not None and not _YEAR.fullmatch(word)
        if not alike or _goes_on(announced.ground, end):
            break
        spans.append((start, end))
    return spans


def _before(announced: Announced) -> list[tuple[int, int]]:
    """« toto2012 est mon mot de passe », « 482913 par SMS »."""
    ground = announced.ground
    at = max(announced.free, announced.start - 70)
    match = _BEFORE.search(ground, at, announced.start)
    if match is None:
        return []
    value = match["value"]
    start = match.start("value") + len(value) - len(value.lstrip('(«"“'))
    word = value.strip('(«"“)»”,')
    end = start + len(word)
    if announced.is_password:
        plain = PLAIN.fullmatch(word) and not words.DULL.fullmatch(word) and _TYPED.search(ground, at, start)
        strong = len(word) >= 5 and _is_strong(announced.shown[start:end], word) and not _is_ordinary(word)
        secret = bool(plain) or strong
    else:
        secret = _is_code_before(announced, word, start)
    return [(start, end)] if secret else []


def _is_code_before(announced: Announced, word: str, start: int) -> bool:
    ground = announced.ground
    size = sum(char.isdigit() for char in word)
    fits = size >= 6 or (size == 4 and announced.sort != "sms" and not _YEAR.fullmatch(word))
    then = re.findall(r"\w+", matched(_THREE_WORDS, ground, announced.end))
    alone = not re.search(rf"[0-9{MASKED}{KEPT}][ .-]?\Z", ground[max(0, start - 2) : start])
    return _DIGITS.fullmatch(word) is not None and fits and alone and words.OTHER_CODES.isdisjoint(then)
