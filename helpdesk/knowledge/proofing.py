"""What is wrong with the Markdown of an answer, in words that an editor can act on, and what the text refers to."""

import re
from collections.abc import Collection, Sequence

from helpdesk.knowledge.markup import ENTRIES, ENTRY, IMAGE, tokens_in
from helpdesk.text import one_line

LONGEST_ANSWER = 20_000
LONGEST_QUESTION, LONGEST_SPOKEN = 500, 300

_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|</?[a-zA-Z][\w-]*(?=\s)")
_UNREAD_LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)?")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_OPEN_SCHEMES = ("https:", "http:", "mailto:", "tel:", ENTRY)
_SHOWN = 10
_NOT_OPEN = "« {} » : ce lien n’est pas permis. Un lien commence par https:, mailto:, tel: ou fiche:."
_INCOMPLETE = "« {} » : cette adresse n’est pas complète. Exemple : https://… ou fiche:mot-de-passe."


def problems_in(markdown: str) -> list[str]:
    """One sentence for each thing that must be mended before readers may see the text; empty when all is well."""
    problems: list[str] = []
    if not markdown.strip():
        problems.append("La réponse est vide.")
    for token in tokens_in(markdown):
        if token.type == "text":
            problems += _in_words(token.content)
        elif token.type == "link_open":
            problems += _in_link(str(token.attrGet("href") or ""))
        elif token.type == "image":
            problems += _in_image(str(token.attrGet("src") or ""), token.content)
    return list(dict.fromkeys(problems))[:_SHOWN]


def entries_named(markdown: str, site: str) -> list[str]:
    """Addresses of the entries that the text leads to, each once. `site` is our own address, without the last slash."""
    found = []
    for token in tokens_in(markdown):
        if token.type != "link_open":
            continue
        address = str(token.attrGet("href") or "")
        if not address.startswith(ENTRY):
            path = re.sub(r"^/en(?=/)", "", address.removeprefix(site))
            address = ENTRY + path.removeprefix(ENTRIES) if path.startswith(ENTRIES) else ""
        slug = re.split(r"[#?]", address.removeprefix(ENTRY))[0]
        if address and "/" not in slug and slug != "etablissements":
            found.append(slug)
    return list(dict.fromkeys(found))


def images_named(markdown: str) -> list[str]:
    """Names of the images in the text, each once."""
    sources = (str(token.attrGet("src") or "") for token in tokens_in(markdown) if token.type == "image")
    return list(dict.fromkeys(named[1] for source in sources if (named := IMAGE.fullmatch(source))))


def missing(named: Sequence[str], known: Collection[str], sentence: str) -> list[str]:
    """A sentence for each name that is not known; `sentence` has a place for it."""
    return [sentence.format(one_line(name, 80)) for name in named if name not in known]


def _in_words(text: str) -> list[str]:
    tags = [
        f"« {one_line(tag, 40)} » : le HTML n’est pas lu, il serait montré tel quel." for tag in _HTML.findall(text)
    ]
    return tags + [_NOT_OPEN.format(one_line(link, 60)) for link in _UNREAD_LINK.findall(text)]


def _in_link(address: str) -> list[str]:
    scheme = _SCHEME.match(address)
    if scheme and scheme.group().lower() not in _OPEN_SCHEMES:
        return [_NOT_OPEN.format(one_line(address, 60))]
    if not scheme and not address.startswith(("/", "#")):
        return [_INCOMPLETE.format(one_line(address, 60))]
    return []


def _in_image(source: str, description: str) -> list[str]:
    if not IMAGE.fullmatch(source):
        return [f"« {one_line(source, 60)} » : une image d’ailleurs n’est pas montrée. Ajoutez-la d’abord à la fiche."]
    if not description.strip():
        return ["Une image n’a pas de description : écrivez entre les crochets ce qu’elle montre."]
    return []
