"""The text of a PDF, page by page. The one home of pypdf."""

from io import BytesIO

from helpdesk.errors import UnreadableDocument

MOST_PAGES = 300
_LEAST_LETTERS = 20  # a page; fewer on most pages is a picture of a text


def read_pdf(data: bytes) -> str:
    """The text, pages parted by form feeds. Raises UnreadableDocument for passwords, for scans without text, and for
    whatever cannot be read.
    """
    from pypdf import PdfReader  # a quarter of a second, which the search on the command line does not wait for

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise UnreadableDocument("Le PDF est protégé par un mot de passe : enregistrez-le sans protection.")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableDocument(f"Le PDF a plus de {MOST_PAGES} pages : importez-le en plusieurs fois.")
        pages = [page.extract_text() for page in reader.pages]
    except UnreadableDocument:
        raise
    except Exception as error:  # a damaged PDF may raise anything
        raise UnreadableDocument("Le PDF est abîmé : enregistrez-le à nouveau, puis réessayez.") from error
    letters = sum(sum(map(str.isalpha, page)) for page in pages)
    if letters < _LEAST_LETTERS * max(len(pages), 1):
        raise UnreadableDocument(
            "Le PDF ne contient pas de texte : c’est l’image d’un document. Passez-le à la reconnaissance de "
            "caractères, ou importez le document d’origine."
        )
    return "\f".join(pages)
