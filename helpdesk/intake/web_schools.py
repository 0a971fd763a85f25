"""The schools that the public form proposes while its fields are typed in."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import db
from helpdesk.limits import network_of
from helpdesk.pages import parts
from helpdesk.routing.school_completion import complete
from helpdesk.routing.school_names import READ_AT_MOST
from helpdesk.routing.school_search import open_directory

bp = Blueprint("schools", __name__)
_KEPT = 3600  # seconds that browsers and proxies may keep an answer: the directory changes once a month


@bp.get("/ecoles")
def proposals() -> ResponseReturnValue:
    """Up to ten schools as JSON, for `q` (what is typed) and `cp` (the postal code, if any). Never an error page: a
    form whose proposals fail is the form without them. 204 where no directory was imported.
    """
    if not parts().limits.allow(
        parts().settings.school_limit, "schools", network_of(request.remote_addr), lasting=False
    ):
        return jsonify([]), 429
    try:
        found = complete(db.session(), request.args.get("q", "")[:READ_AT_MOST], request.args.get("cp", "")[:10])
        if not found and open_directory(db.session()) is None:
            return "", 204
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify([]), 503
    answer = jsonify(
        [
            {"uai": school.uai, "name": school.name, "commune": school.commune, "postal_code": school.postal_code}
            for school in found
        ]
    )
    answer.headers["Cache-Control"] = f"public, max-age={_KEPT}"
    return answer
