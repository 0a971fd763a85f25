"""What we use of whitenoise, which ships no types."""

from collections.abc import Callable, Iterable
from typing import Any

class WhiteNoise:
    files: dict[str, Any]

    def __init__(
        self, application: Any, root: str | None = None, prefix: str | None = None, **options: Any
    ) -> None: ...
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]: ...
