"""What the editor page sends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from faq.notices import LONGEST, Notice
from faq.writing import Draft, texts

Line = Annotated[str, StringConstraints(max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]


# Titles are shown as they are typed: a variable would stay a pair of braces.
Title = Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^(?:[^{]|\{[^{])*\{?$")]


class Body(BaseModel):
    """A request's body; dates come as text."""

    model_config = ConfigDict(extra="ignore")


class DraftBody(Body):
    """An FAQ as it stands in the form."""

    id: Id
    category: Id
    question: Line = ""
    similar: list[Line] = Field(default_factory=list, max_length=500)
    keywords: list[Line] = Field(default_factory=list, max_length=50)
    flow: Line | None = None
    urgent: bool = False
    related: list[Line] = Field(default_factory=list, max_length=20)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""
    version: Annotated[str, StringConstraints(max_length=64)] = ""

    def draft(self, today: dt.date) -> Draft:
        """Return the draft, updated today."""
        return Draft(
            id=self.id,
            category=self.category,
            question=self.question,
            similar=texts(self.similar),
            keywords=texts(self.keywords),
            flow=self.flow or None,
            urgent=self.urgent,
            related=texts(self.related),
            updated=today,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            answer=self.answer,
        )


class TryBody(Body):
    """A message to try, with the draft that it is tried on (None: what is live)."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    draft: DraftBody | None = None


class RollbackBody(Body):
    """Which earlier version is to come back over which present one."""

    revision: Annotated[str, StringConstraints(max_length=64)]
    version: Annotated[str, StringConstraints(max_length=64)]


class VersionBody(Body):
    """The version that the editor saw."""

    version: Annotated[str, StringConstraints(max_length=64)]


class NoticeBody(Body):
    """An announcement; times without a zone are the wallet's."""

    id: Id
    title: Title
    text: Annotated[str, StringConstraints(max_length=4_000)]
    level: Line = "info"
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    version: Annotated[str, StringConstraints(max_length=64)] = ""

    def notice(self, zone: dt.tzinfo) -> Notice:
        """Return the notice with aware times."""
        start, end = (
            moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment
            for moment in (self.start, self.end)
        )
        return Notice(self.id, self.title, self.text, self.level, start, end)
