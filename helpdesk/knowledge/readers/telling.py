"""The banners of the page that is being made: views say what it is about, `base.html` shows them."""

from collections.abc import Collection, Sequence

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import db, utc_now
from helpdesk.knowledge.readers.banners import banners_for
from helpdesk.knowledge.readers.kept import keep_until
from helpdesk.models import Banner
from helpdesk.pages import parts
from helpdesk.routing.postal_codes import department

bp = Blueprint("telling", __name__)
_SHOWN_IN = {"knowledge", "about", "voting", "intake", "feeds"}


def prepare(app: Flask) -> None:
    """Let templates ask."""
    app.jinja_env.globals["banners_here"] = banners_here
    app.jinja_env.globals["academies_of"] = academies_of


def about_topics(topics: Collection[str]) -> None:
    """The page is about these."""
    g.banner_topics = topics


def about_academy(code: str | None) -> None:
    """The page is about a child at school there."""
    g.banner_academy = code


def about_postal_code(code: str) -> None:
    """The same by the school's postal code, if it tells."""
    found = department(code.strip())
    about_academy(parts().routing.geography.academy_of(found) if found else None)


@bp.get("/bandeaux")
def of_postal_code() -> Response:
    """The banners of the académie of the postal code `cp`, as a piece of the form's page; empty where there is none.
    Those for all are on the page already.
    """
    found = department(request.args.get("cp", "")[:10].strip())
    academy = parts().routing.geography.academy_of(found) if found else None
    shown = [each for each in banners_for(academy, None, utc_now()).shown if each.academies] if academy else []
    response = make_response(render_template("intake/banners.html", shown=shown))
    response.headers["Cache-Control"] = "no-store"
    return response


def banners_here() -> Sequence[Banner]:
    """Those of this page; agents' pages have none, and without a database there are none."""
    if request.blueprint not in _SHOWN_IN:
        return ()
    try:
        present = banners_for(g.get("banner_academy"), g.get("banner_topics"), utc_now())
    except SQLAlchemyError:
        db.session.rollback()
        return ()
    if present.until:
        keep_until(present.until)
    return present.shown


def academies_of(banner: Banner) -> str:
    """Names of the académies that it is for; empty for a national one."""
    known = parts().routing.geography.academies
    return ", ".join(known[code].name for code in banner.academies.split() if code in known)
