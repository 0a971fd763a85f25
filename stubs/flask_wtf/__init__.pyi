"""What we use of flask-wtf, which ships no types."""

from typing import Any

from wtforms import Form

class FlaskForm(Form):
    def __init__(self, formdata: Any = ..., **values: Any) -> None: ...
    def validate_on_submit(self) -> bool: ...
