"""What we use of flask-login, which ships no types."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Flask

P = ParamSpec("P")
R = TypeVar("R")

class AnonymousUserMixin:
    def __init__(self) -> None: ...

class LoginManager:
    login_view: str | None
    login_message: str | None
    def __init__(self, app: Flask) -> None: ...
    def unauthorized_handler(self, callback: Callable[[], Any]) -> Callable[[], Any]: ...
    def user_loader(self, callback: Callable[[str], Any]) -> Callable[[str], Any]: ...

current_user: Any

def login_required(view: Callable[P, R]) -> Callable[P, R]: ...
def login_user(user: Any) -> bool: ...
def logout_user() -> bool: ...
