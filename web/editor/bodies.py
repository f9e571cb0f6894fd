"""What the editor page sends."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import pydantic
from pydantic import BaseModel, ConfigDict, StringConstraints, create_model

from faq.notices import LONGEST, Notice
from faq.writing import Draft, texts
from search.fields import DECLARED, Field, Written

Line = Annotated[str, StringConstraints(max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]

Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:_[a-z]+)*$", max_length=60)]
# Titles are shown as they are typed: a variable would stay a pair of braces.
Title = Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^(?:[^{]|\{[^{])*\{?$")]


class Body(BaseModel):
    """A request's body; dates come as text."""

    model_config = ConfigDict(extra="ignore")


Text = Annotated[str, StringConstraints(max_length=20_000)]
Reason = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Facet = Annotated[str, StringConstraints(max_length=1_000)]
MOST = {"keywords": 50, "related": 20}  # entries; of other lists:
LONGEST_LIST = 500


class TimedBody(Body):
    """What may go live at a time; one without a zone is the wallet's."""

    due: dt.datetime | None = None

    def moment(self, zone: dt.tzinfo) -> dt.datetime | None:
        """Return the time, aware; None for at once."""
        if self.due is None or self.due.tzinfo is not None:
            return self.due
        return self.due.replace(tzinfo=zone)


class SaveBody(TimedBody):
    """A save over what the editor saw.

    version: of the file, or of its open draft. base: the published version beside a draft.
    """

    version: Annotated[str, StringConstraints(max_length=64)] = ""
    base: Annotated[str, StringConstraints(max_length=64)] | None = None
    reason: Reason = ""


class _Draft(SaveBody):
    """An FAQ as it stands in the form."""

    def draft(self, today: dt.date, before: Written | None = None) -> Draft:
        """Return the draft, updated today.

        before: the FAQ as it is served; a field that was not sent stays as it is there.
        """
        said = {
            item.attribute: _tidy(item, getattr(self, item.attribute))
            if item.attribute in self.model_fields_set or before is None
            else getattr(before, item.attribute)
            for item in DECLARED
        }
        return Draft(**said).dated(today)


def _form(item: Field) -> tuple[Any, Any]:
    """Give the type that a field is sent in, and what it is when it is not sent."""
    if item.attribute in ("id", "category"):
        return Id, ...
    if item.kind == "texts":
        most = MOST.get(item.attribute, LONGEST_LIST)
        return list[Line], pydantic.Field(default_factory=list, max_length=most)
    if item.kind == "facets":
        return dict[Word, Facet], pydantic.Field(default_factory=dict, max_length=MOST["related"])
    if item.kind == "flag":
        return bool, False
    if item.kind == "date":
        return dt.date | None, None
    if item.kind == "body":
        return Text, ""
    return (Line, "") if item.kind == "text" else (Line | None, None)


def _tidy(item: Field, value: Any) -> Any:
    if item.kind == "texts":
        return texts(value)
    if item.kind == "facets":
        return tuple((aspect, text.strip()) for aspect, text in value.items() if text.strip())
    if item.kind in ("line", "word", "flow"):
        return (value or "").strip() or None
    return item.default if value is None else value


# Made of the one table of fields, so that none is forgotten here.
DraftBody = create_model(  # type: ignore[call-overload]
    "DraftBody", __base__=_Draft, **{item.attribute: _form(item) for item in DECLARED}
)


class TryBody(Body):
    """A message to try, with the draft that it is tried on (None: what is live)."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    draft: DraftBody | None = None  # type: ignore[valid-type]


class RollbackBody(Body):
    """Which earlier version is to come back over which present one."""

    revision: Annotated[str, StringConstraints(max_length=64)]
    version: Annotated[str, StringConstraints(max_length=64)]
    reason: Reason = ""


class RestoreBody(RollbackBody):
    """The same for any content file, named by its path below the folder."""

    file: Line


class MoveBody(Body):
    """The id and category that an FAQ is to have, over the version that the editor saw."""

    id: Id
    category: Id
    version: Annotated[str, StringConstraints(max_length=64)]
    reason: Reason = ""


class ReasonBody(Body):
    """Why it is done."""

    reason: Reason = ""


class VersionBody(Body):
    """The version that the editor saw, and why it is to go."""

    version: Annotated[str, StringConstraints(max_length=64)]
    reason: Reason = ""


class DecisionBody(TimedBody):
    """What is decided about which edition of a draft, and what is said of it."""

    edition: int
    text: Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True)] = ""


class CommentBody(Body):
    """What somebody says about a draft."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]


class WordField(Body):
    """A field of a file of words: where it stands, and what it says now."""

    path: Annotated[list[str | int], pydantic.Field(max_length=12)]
    value: Text | Annotated[list[Text], pydantic.Field(max_length=500)]


class WordsBody(SaveBody):
    """What was changed of a file's form; text: the whole file, where that was edited instead."""

    values: Annotated[list[WordField], pydantic.Field(max_length=500)] = []
    text: Annotated[str, StringConstraints(max_length=400_000)] | None = None


class RehearsalBody(WordsBody):
    """The same, to be tried. message: what a customer says, or a time. path, said: one field."""

    message: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = ""
    path: Annotated[list[str | int], pydantic.Field(max_length=10)] = []
    said: Annotated[list[Text], pydantic.Field(max_length=60)] = []


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
