"""A question-and-answer document as a value: what every reader of one gives and every writer takes."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from helpdesk.text import fold
from helpdesk.vocabulary import Readers

_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Translated:
    """A question and its answer in another language. `current`: it says what the French says now."""

    language: str
    question: str
    answer: str
    spoken: str = ""
    current: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer in Markdown. `slug` is its address, empty where the document gives none.

    `version` is the one on the site that an exported text started from, 0 where the document names none. What
    follows is kept beside the text: topics parted by spaces, what the phone reads out, the day of the next review.
    """

    question: str
    answer: str
    audience: Readers
    slug: str = ""
    version: int = field(default=0, compare=False)
    topics: str = field(default="", compare=False)
    spoken: str = field(default="", compare=False)
    review_on: date | None = field(default=None, compare=False)
    translations: tuple[Translated, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the questions under it."""

    title: str
    questions: tuple[Question, ...]
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Sections in their order."""

    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """All questions, in reading order."""
        for section in self.sections:
            yield from section.questions

    def as_json(self) -> dict[str, Any]:
        """The form that `helpdesk faq import --json` prints."""
        return {
            "sections": [
                {
                    "title": section.title,
                    "questions": [
                        {"question": each.question, "answer": each.answer, "audience": each.audience.value}
                        for each in section.questions
                    ],
                }
                for section in self.sections
            ]
        }

    def as_rows(self) -> dict[str, Any]:
        """All of it as JSON values; `document_of` reads them."""
        rows: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return rows


def document_of(rows: Mapping[str, Any]) -> Document:
    """Back from `as_rows`."""
    return Document(
        tuple(
            Section(
                part["title"],
                tuple(_question_of(each) for each in part["questions"]),
                part["slug"],
            )
            for part in rows["sections"]
        )
    )


def _question_of(row: Mapping[str, Any]) -> Question:
    """Rows that an earlier edition of the program kept lack what stands beside the text."""
    known = {**row, "audience": Readers(row["audience"])}
    known["review_on"] = date.fromisoformat(row["review_on"]) if row.get("review_on") else None
    known["translations"] = tuple(Translated(**each) for each in row.get("translations", ()))
    return Question(**known)


def slug_of(text: str, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """An address made of the words of `text`, cut at a word, with a number where it is taken already."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = "-".join(words)
    if len(slug) > _LONGEST_SLUG:
        slug = slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    slug = slug or "question"
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def addressed(document: Document) -> Document:
    """The document with an address for every section and question that has none. Given addresses stay."""
    taken = {question.slug for question in document.questions() if question.slug}
    titles = {section.slug for section in document.sections if section.slug}
    sections = []
    for section in document.sections:
        questions = []
        for question in section.questions:
            slug = question.slug or slug_of(question.question, taken)
            taken.add(slug)
            questions.append(replace(question, slug=slug))
        title_slug = section.slug or slug_of(section.title, titles)
        titles.add(title_slug)
        sections.append(replace(section, questions=tuple(questions), slug=title_slug))
    return Document(tuple(sections))
