"""What we use of whitenoise, which ships no types."""

from collections.abc import Callable, Iterable
from typing import Any

class WhiteNoise:
    def __init__(self, application: Any, root: str, prefix: str, **options: Any) -> None: ...
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]: ...
