from typing import Any

from wtforms.fields.core import Field

class MultipleFileField(Field):
    def __init__(self, label: Any = ..., **options: Any) -> None: ...
