"""Settings: declared once, checked before anything starts, all problems told at once."""

import re
from pathlib import Path

import pytest

from helpdesk.errors import ConfigError
from helpdesk.setting_list import SETTINGS
from helpdesk.settings import load_settings

ROOT = Path(__file__).parent.parent
PUBLIC = {
    "PUBLIC_BASE_URL": "https://assistance.exemple.fr",
    "SECRET_KEY": "x" * 48,
    "SMTP_HOST": "smtp.exemple.fr",
    "DATABASE_URL": "postgresql://desk:secret@db/desk",
}


def test_a_laptop_needs_no_setting(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})

    assert settings.demo
    assert settings.database_url == f"sqlite:///{tmp_path}/helpdesk.sqlite"
    assert len(settings.secret_key) >= 32


def test_the_drawn_key_stays_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = (load_settings({"DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))

    assert first == second
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_public_site_runs_on_settings_alone(tmp_path: Path) -> None:
    settings = load_settings({**PUBLIC, "DATA_DIR": str(tmp_path)})

    assert not settings.demo
    assert settings.https


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    wrong = {"PORT": "99999", "FORM_LIMIT": "plein", "SMTP_SECURITY": "oui", "DEMO": "peut-être"}

    with pytest.raises(ConfigError) as caught:
        load_settings({"DATA_DIR": str(tmp_path), **wrong})

    named = {problem.split()[0] for problem in caught.value.problems}
    assert named == set(wrong)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SMTP_HOST": ""}, "SMTP_HOST"),
        ({"DEMO": "yes"}, "DEMO"),
        ({"PUBLIC_BASE_URL": "http://assistance.exemple.fr"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "assistance"}, "PUBLIC_BASE_URL"),
        ({"SMTP_USER": "desk"}, "SMTP_USER"),
        ({"SMTP_USER": "desk", "SMTP_PASSWORD": "p", "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"DATABASE_URL": "mysql://desk"}, "DATABASE_URL"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL"),
        ({"MAIL_FROM": "assistance"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a,b@exemple.fr"}, "MAIL_FROM"),
        ({"MAIL_FROM": "aide@exemple..fr"}, "MAIL_FROM"),
        ({"PUBLIC_BASE_URL": "https://[::1"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://exemple.fr:99999"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://exemple.fr/aide"}, "PUBLIC_BASE_URL"),
        ({"DATABASE_URL": "postgresql://desk:hunter2@db:port/desk"}, "DATABASE_URL"),
        ({"REDIS_URL": "redis://redis:port/0"}, "REDIS_URL"),
        ({"HOST": "cette machine"}, "HOST"),
        ({"SMTP_HOST": f"{'x' * 64}.fr"}, "SMTP_HOST"),
        ({"TWILIO_ACCOUNT_SID": "../AC1", "TWILIO_AUTH_TOKENS": "t"}, "TWILIO_ACCOUNT_SID"),
        ({"TEXT_FROM": "09 99 99 99 99"}, "TEXT_FROM"),
        ({"JDMA_URL": "https://["}, "JDMA_URL"),
    ],
)
def test_what_would_not_be_safe_does_not_start(tmp_path: Path, change: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({**PUBLIC, "DATA_DIR": str(tmp_path), **change})

    assert any(problem.startswith(named) for problem in caught.value.problems)


def test_a_secret_is_never_repeated_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(
            {
                "DATA_DIR": str(tmp_path),
                "DATABASE_URL": "mysql://desk:hunter2@db",
                "REDIS_URL": "hunter2",
                "PUBLIC_BASE_URL": "https://desk:hunter2@aide.exemple.fr",
            }
        )

    assert len(caught.value.problems) == 3
    assert "hunter2" not in str(caught.value.problems)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="DATA_DIR"):
        load_settings({"DATA_DIR": str(tmp_path / "file" / "var")})


@pytest.mark.parametrize("path", ["docs/settings.md", "config/example.env"])
def test_every_setting_is_documented_with_its_default(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")

    for setting in SETTINGS:
        assert re.search(rf"\b{setting.name}\b", text), f"{path} lacks {setting.name}"
        if setting.default:
            assert setting.default in text


@pytest.mark.parametrize("path", ["docs/settings.md", "config/example.env"])
def test_no_setting_is_documented_that_does_not_exist(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    pattern = r"^\| `([A-Z_]+)`" if path.endswith(".md") else r"^#? ?([A-Z_]+)="

    assert set(re.findall(pattern, text, re.MULTILINE)) == {setting.name for setting in SETTINGS}
