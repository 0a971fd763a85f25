"""Where a text message of ours stands with the provider, and a picture that came with one of the person's."""

from enum import StrEnum


class TextState(StrEnum):
    """Order of the members is order of time: reports come in any order, and none goes back."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class PictureState(StrEnum):
    """Whether the picture is here."""

    PENDING = "pending"
    KEPT = "kept"
    REFUSED = "refused"


TEXT_LABELS = {
    TextState.QUEUED: "Remis à l’opérateur",
    TextState.SENT: "Parti",
    TextState.DELIVERED: "Arrivé sur le téléphone",
    TextState.UNDELIVERED: "Pas arrivé",
}
# What the provider calls them; what is not here is before QUEUED and tells nothing.
_WORDS = {
    "queued": TextState.QUEUED,
    "sending": TextState.QUEUED,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.UNDELIVERED,
    "failed": TextState.UNDELIVERED,
}


def read_state(word: str) -> TextState | None:
    """The provider's word for it; None for one that tells nothing."""
    return _WORDS.get(word)


def newer(before: TextState | None, after: TextState) -> bool:
    """Whether the second report says more than the first; the two ends are for ever, whichever came first."""
    if before in (TextState.DELIVERED, TextState.UNDELIVERED):
        return False
    order = list(TextState)
    return before is None or order.index(after) > order.index(before)
