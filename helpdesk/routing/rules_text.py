"""The text of the rules, changed one rule at a time: what is not touched keeps its words, its comments and its place.

A text is a head (the comments at its top) and one block for each rule, with the comments right above it. Functions take
the rules that were read from the text and a rule's place among them, counted from 0.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from itertools import takewhile

from helpdesk.routing.rules import LISTS, Rule

_BEGINS = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_RULE_NAMED = re.compile(r"règle « (.*?) »")
_WORD = re.compile(r"« (.*?) »")
_LINE_SAID = re.compile(r", ligne (\d+), colonne")


def replaced(source: str, rules: Sequence[Rule], place: int, rule: Rule) -> str:
    """The text with another rule at that place; comments above it stay."""
    head, blocks = _cut(source, rules)
    comments = blocks[place][: _begin(blocks[place])]
    blocks[place] = comments + render(rule)
    return _joined(head, blocks)


def inserted(source: str, rules: Sequence[Rule], place: int, rule: Rule) -> str:
    """The text with one more rule, before the one that stood at that place."""
    head, blocks = _cut(source, rules)
    blocks.insert(place, render(rule))
    return _joined(head, blocks)


def moved(source: str, rules: Sequence[Rule], place: int, by: int) -> str:
    """The text with a rule nearer to the top (-1) or to the end (1); the same text where it cannot go further."""
    head, blocks = _cut(source, rules)
    if not 0 <= place + by < len(blocks):
        return source
    blocks[place], blocks[place + by] = blocks[place + by], blocks[place]
    return _joined(head, blocks)


def removed(source: str, rules: Sequence[Rule], place: int) -> str:
    """The text without the rule."""
    head, blocks = _cut(source, rules)
    del blocks[place]
    return _joined(head, blocks)


def render(rule: Rule) -> str:
    """A rule as the file writes it, without what it leaves open."""
    lines = ["[[rule]]", f"name = {_quoted(rule.name)}"]
    lines += [f"{name} = {_listed(rule.conditions[name])}" for name in LISTS if rule.conditions.get(name)]
    if rule.words:
        lines.append(f"words = {_listed(rule.words)}")
    if rule.hours:
        lines.append(f"hours = {_quoted(rule.hours)}")
    return "\n".join([*lines, f"service = {_quoted(rule.service)}", f"because = {_quoted(rule.because)}"])


def line_of(problem: str, source: str) -> int | None:
    """The line, counted from 1, that a problem of this text is about; None if it is about the whole."""
    if said := _LINE_SAID.search(problem):
        return int(said[1])
    if (named := _RULE_NAMED.search(problem)) is None:
        return None
    written = re.search(rf"^[ \t]*name[ \t]*=[ \t]*[\"']{re.escape(named[1])}[\"']", source, re.MULTILINE)
    if written is None:
        return None
    following = _BEGINS.search(source, written.end())
    start = written.start()
    if word := _WORD.search(problem, named.end()):
        found = source.find(f'"{word[1]}"', written.end(), following.start() if following else len(source))
        start = found if found >= 0 else start
    return source.count("\n", 0, start) + 1


def _cut(source: str, rules: Sequence[Rule]) -> tuple[str, list[str]]:
    """Head and blocks. Where a text is written in a way that cannot be cut, its rules are written anew."""
    starts = [_with_comments(source, found.start()) for found in _BEGINS.finditer(source)]
    ends = [*starts[1:], len(source)]
    head = source[: starts[0] if starts else 0]
    blocks = [source[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    if [_name_in(block) for block in blocks] != [rule.name for rule in rules]:
        head, blocks = _comments_at_the_top(source), [render(rule) for rule in rules]
    return head.strip(), blocks


def _comments_at_the_top(source: str) -> str:
    lines = source.split("\n")
    return "\n".join(takewhile(lambda line: not line.strip() or line.lstrip().startswith("#"), lines))


def _with_comments(source: str, start: int) -> int:
    """Where the comment lines that touch a rule from above begin."""
    while start:
        line = source.rfind("\n", 0, start - 1) + 1
        if not source[line:start].lstrip().startswith("#"):
            break
        start = line
    return start


def _begin(block: str) -> int:
    found = _BEGINS.search(block)
    return found.start() if found else 0


def _name_in(block: str) -> str | None:
    try:
        (rule,) = tomllib.loads(block)["rule"]
    except (tomllib.TOMLDecodeError, KeyError, ValueError):
        return None
    name = rule.get("name", "")
    return name.strip() if isinstance(name, str) else ""


def _joined(head: str, blocks: Sequence[str]) -> str:
    return "\n\n".join(filter(None, (head, *blocks))) + "\n"


def _quoted(text: str) -> str:
    """A JSON string is a TOML string, but for DEL, which `text.clean` takes away at every door."""
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
