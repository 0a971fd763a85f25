"""The reviewed form of the FAQ: one Markdown file that editors keep by hand.

    # Comptes des élèves
    Adresse : comptes-des-eleves

    ## Un parent peut-il changer le mot de passe de son enfant ?
    Public : familles
    Adresse : mot-de-passe-de-mon-enfant

    Non. …

`#` opens a section, `##` a question. Right below stand whom it is for and its address on the site; both may be left
out: the reader is then told by the words, the address made of the question. The answer is Markdown up to the next one.
An exported text also says « Version : 12 », the one it started from, so that what was edited here since is noticed;
and what stands beside the text: « Sujets », « Réponse-lue » (by the phone), « Relecture » (a day). A question that
begins with « [en] » is the translation of the one above it, « Traduit : ancien » where that has changed since.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.audience import audience_of
from helpdesk.knowledge.document import Document, Question, Section, Translated
from helpdesk.languages import LANGUAGES
from helpdesk.text import clean, fold, one_line
from helpdesk.vocabulary import Readers

HEADER = """\
<!--
Les questions et réponses publiées sur le site. Pour en changer une, modifiez-la ici puis importez ce fichier :
    helpdesk faq import config/faq/educonnect.md

« # » ouvre une rubrique, « ## » une question. Sous la question : son public (familles, établissements ou personnels)
et son adresse sur le site. Ne changez pas une adresse déjà publiée, même si la question change : des liens y mènent.
La réponse s’écrit en Markdown : une ligne vide sépare deux paragraphes, « 1. » ou « - » commence une liste.
-->
"""
_PUBLICS = {Readers.FAMILIES: "familles", Readers.SCHOOLS: "établissements", Readers.STAFF: "personnels"}
_READERS = {fold(name).removesuffix("s"): readers for readers, name in _PUBLICS.items()}
_COMMENT = re.compile(r"\A\s*<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(?P<marks>#{1,2})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*$")
_KEY = re.compile(r"^(?P<key>[^\W\d_][\w’'-]{1,20})\s*:\s*(?P<value>.*?)\s*$")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LIMITS = {1: ("Le titre de rubrique", 300), 2: ("La question", 500)}
_KEYS = ("public", "adresse", "version")
_BESIDE = ("sujets", "reponse-lue", "relecture", "traduit")  # known by their exact name only: answers may begin alike
_TRANSLATION = re.compile(r"\[([a-z]{2})\] +(.*)")
_TOPICS = re.compile(r"[a-z0-9-]+(?:[ ,]+[a-z0-9-]+)*")
_LONGEST_SPOKEN, _LONGEST_TOPICS = 300, 500
_NUMBER = re.compile(r"[0-9]{1,9}")
_SHOWN = 20
_LONGEST_SLUG = 120


@dataclass
class _Block:
    """A heading, with the lines below it up to the next one."""

    level: int
    title: str
    line: int
    body: list[str] = field(default_factory=list)


def is_reviewed(text: str) -> bool:
    """Whether the text is in this form rather than a scan."""
    levels = {len(match["marks"]) for line in text.splitlines() if (match := _HEADING.match(line))}
    return levels == {1, 2}


def parse(text: str) -> Document:
    """Read the form. Raises UnreadableDocument that lists every mistake with its line."""
    problems: list[str] = []
    sections: list[tuple[_Block, str, list[Question]]] = []
    slugs: dict[str, int] = {}
    for block in _blocks(clean(text), problems):
        keys, body = _keys(block, problems)
        slug = _slug(block, keys.get("adresse", ""), slugs, problems)
        if block.level == 1:
            sections.append((block, slug, []))
            if body or keys.keys() - {"adresse"}:
                problems.append(
                    f"ligne {block.line} : sous « {block.title} », seule l’adresse peut précéder les questions."
                )
        elif sections and (told := _TRANSLATION.fullmatch(block.title)):
            _add_translation(block, told[1], told[2], keys, body, sections[-1][2], problems)
        elif not sections:
            problems.append(f"ligne {block.line} : la question « {block.title} » n’est dans aucune rubrique (« # »).")
        else:
            question = _question(block, keys.get("public"), slug, body, sections[-1][0].title, problems)
            version = keys.get("version", "")
            question = replace(question, version=int(version) if _NUMBER.fullmatch(version) else 0)
            sections[-1][2].append(replace(question, **_beside(block, keys, problems)))
    empty = (block for block, _, found in sections if not found)
    problems += [f"ligne {block.line} : la rubrique « {block.title} » est vide." for block in empty]
    if problems:
        more = [f"… et {len(problems) - _SHOWN} autres erreurs."] if len(problems) > _SHOWN else []
        raise UnreadableDocument("\n".join(problems[:_SHOWN] + more))
    return Document(tuple(Section(block.title, tuple(found), slug) for block, slug, found in sections))


def render(document: Document) -> str:
    """Write the form. What `parse` read comes out the same; headings of an answer start at the third level."""
    lines = [HEADER.rstrip("\n")]
    for section in document.sections:
        lines += ["", f"# {section.title}", *([f"Adresse : {section.slug}"] if section.slug else [])]
        for each in section.questions:
            lines += ["", f"## {each.question}", f"Public : {_PUBLICS[each.audience]}"]
            lines += [f"Adresse : {each.slug}"] if each.slug else []
            lines += [f"Version : {each.version}"] if each.version else []
            lines += [f"Sujets : {each.topics}"] if each.topics else []
            lines += [f"Réponse-lue : {one_line(each.spoken)}"] if each.spoken else []
            lines += [f"Relecture : {each.review_on.isoformat()}"] if each.review_on else []
            lines += ["", lowered(each.answer)]
            for other in each.translations:
                lines += ["", f"## [{other.language}] {other.question}"]
                lines += [] if other.current else ["Traduit : ancien"]
                lines += [f"Réponse-lue : {one_line(other.spoken)}"] if other.spoken else []
                lines += ["", lowered(other.answer)]
    return "\n".join(lines) + "\n"


def _blocks(text: str, problems: list[str]) -> Iterator[_Block]:
    """The headings of levels 1 and 2 with what follows each."""
    block: _Block | None = None
    text = _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text)
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _HEADING.match(line):
            if block:
                yield block
            block = _Block(len(heading["marks"]), heading["title"], number)
            name, limit = _LIMITS[block.level]
            if not block.title or len(block.title) > limit:
                problems.append(f"ligne {number} : {name} est vide ou dépasse {limit} caractères.")
        elif block:
            block.body.append(line)
        elif line.strip():
            problems.append(f"ligne {number} : ce texte précède la première rubrique (« # »).")
    if block:
        yield block


def _keys(block: _Block, problems: list[str]) -> tuple[dict[str, str], str]:
    """The lines « Mot : valeur » right below a heading, and the rest."""
    keys: dict[str, str] = {}
    rest = list(block.body)
    while rest and (match := _KEY.match(rest[0])):
        key = fold(match["key"])
        number = block.line + 1 + len(block.body) - len(rest)
        if key not in (*_KEYS, *_BESIDE):
            if max(fuzz.ratio(key, known) for known in _KEYS) < 70:
                break
            problems.append(f"ligne {number} : « {match['key']} » n’est pas une indication connue (Public, Adresse).")
        elif key == "version" and not _NUMBER.fullmatch(match["value"]):
            problems.append(
                f"ligne {number} : « Version » est suivi d’un nombre, écrit par l’export. Ôtez cette ligne."
            )
        keys[key] = match["value"]
        rest.pop(0)
    return keys, "\n".join(rest).strip("\n").rstrip()


def _beside(block: _Block, keys: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """What stands beside the text of a question."""
    topics, spoken, day = keys.get("sujets", ""), keys.get("reponse-lue", ""), keys.get("relecture", "")
    if topics and (not _TOPICS.fullmatch(topics) or len(topics) > _LONGEST_TOPICS):
        problems.append(f"ligne {block.line} : « Sujets » attend des noms courts, comme « mot-de-passe ».")
    if len(spoken) > _LONGEST_SPOKEN:
        problems.append(f"ligne {block.line} : « Réponse-lue » dépasse {_LONGEST_SPOKEN} caractères.")
    try:
        review_on = date.fromisoformat(day) if day else None
    except ValueError:
        review_on = None
        problems.append(f"ligne {block.line} : « Relecture » attend un jour, comme « 2027-01-31 ».")
    return {"topics": " ".join(topics.replace(",", " ").split()), "spoken": spoken, "review_on": review_on}


def _add_translation(
    block: _Block,
    language: str,
    question: str,
    keys: Mapping[str, str],
    answer: str,
    questions: list[Question],
    problems: list[str],
) -> None:
    """Add it to the question above."""
    if not questions or language not in LANGUAGES[1:] or not answer:
        problems.append(f"ligne {block.line} : « [{language}] » ne suit aucune question, ou n’a pas de réponse.")
        return
    spoken = _beside(block, keys, problems)["spoken"]
    told = Translated(language, question, answer, spoken, fold(keys.get("traduit", "")) != "ancien")
    others = tuple(each for each in questions[-1].translations if each.language != language)
    questions[-1] = replace(questions[-1], translations=(*others, told))


def _slug(block: _Block, slug: str, slugs: dict[str, int], problems: list[str]) -> str:
    if not slug:
        return ""
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        problems.append(
            f"ligne {block.line} : l’adresse « {slug} » ne convient pas. Elle se compose de lettres sans accent, de "
            "chiffres et de traits d’union, comme « mot-de-passe-perdu »."
        )
    key = f"{block.level} {slug}"
    if key in slugs:
        problems.append(f"ligne {block.line} : l’adresse « {slug} » sert déjà à la ligne {slugs[key]}.")
    slugs[key] = block.line
    return slug


def _question(block: _Block, public: str | None, slug: str, answer: str, section: str, problems: list[str]) -> Question:
    if not answer:
        problems.append(f"ligne {block.line} : la question « {block.title} » n’a pas de réponse.")
    if public is None:
        return Question(block.title, answer, audience_of(block.title, answer, section), slug)
    readers = _READERS.get(fold(public).removesuffix("s"))
    if readers is None:
        problems.append(f"ligne {block.line} : public inconnu « {public} » (familles, établissements ou personnels).")
    return Question(block.title, answer, readers or Readers.FAMILIES, slug)


def lowered(answer: str) -> str:
    """The answer, its headings no higher than the third level: the two above are the form's own."""
    lines = answer.split("\n")
    return "\n".join(
        "#" * (3 - len(match["marks"])) + line if (match := _HEADING.match(line)) else line for line in lines
    )
