"""Images of the FAQ: taken from editors, served to everybody from here."""

import re
from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.files import FileStore
from helpdesk.knowledge.editors import check, edits
from helpdesk.knowledge.pictures import read_picture
from helpdesk.models import Agent, Picture


def add_image(agent: Agent, content: bytes, files: FileStore, now: datetime) -> str:
    """Keep an image; returns its name, the same for the same image. Raises RefusedPicture with the reason."""
    check(db.session(), edits(agent))
    read = read_picture(content)
    digest = files.keep(read.content)
    with transaction() as session:
        check(session, edits(agent))
        name = digest[:16]
        if session.get(Picture, name) is None:
            row = Picture(name=name, sha256=digest, content_type=read.content_type, agent_id=agent.id, at=now)
            session.add(row)
        return name


def image_by_name(name: str) -> Picture:
    """The image, for whoever knows its name."""
    is_name = re.fullmatch("[0-9a-f]{16}", name)
    picture = db.session.scalar(select(Picture).where(Picture.name == name)) if is_name else None
    if picture is None:
        raise NotFound("Cette image n’existe pas.")
    return picture
