"""What the page of a guided flow sends: the flow as a form, see faq.flowforms."""

from __future__ import annotations

from typing import Annotated

import pydantic
from pydantic import StringConstraints

from flows.reading import MOST_STEPS, NAME
from web.editor.bodies import Body, SaveBody, Text

Said = Annotated[str, StringConstraints(max_length=1_000)]
Short = Annotated[str, StringConstraints(max_length=200)]
Slot = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$", max_length=60)]
Set = Annotated[list[Short], pydantic.Field(max_length=10)]
Token = Annotated[str, StringConstraints(max_length=64)]


class ButtonForm(Body):
    """A button. at: its place in the file, None for a new one."""

    at: int | None = None
    value: Short = ""
    payload: Short = ""
    then: Short = ""
    title: Short = ""
    answer: Short = ""
    utter: Said = ""
    result: Short = ""
    examples: list[Said] = pydantic.Field(default_factory=list, max_length=200)
    anywhere: list[Said] = pydantic.Field(default_factory=list, max_length=200)


class StepForm(Body):
    """A step. at: its place in the file, None for a new one.

    What an older page does not send, from `card` on, stays as it is.
    """

    at: int | None = None
    collect: Slot
    utter: Said = ""
    expects: Short = ""
    still: Short = ""
    optional: bool = False
    closing: bool = False
    again: bool = False
    card: Annotated[dict[Short, Short], pydantic.Field(max_length=10)] | None = None
    tried: Short | None = None
    known_by: Annotated[list[Set], pydantic.Field(max_length=20)] | None = None
    told_by: Annotated[list[Short], pydantic.Field(max_length=20)] | None = None
    notices: bool | None = None
    buttons: list[ButtonForm] = pydantic.Field(default_factory=list, max_length=40)


class CauseForm(Body):
    """An FAQ that says an answer already. next: the step asked then."""

    faq: Short = ""
    step: Short = ""
    value: Short = ""
    next: Short = ""


class FlowForm(Body):
    """A whole flow."""

    name: Short
    desk: Short = ""
    faq: Short
    hasty: bool = False
    finish: Short
    responses: dict[Short, Said] = pydantic.Field(default_factory=dict)
    causes: Annotated[list[CauseForm], pydantic.Field(max_length=50)] | None = None
    steps: Annotated[list[StepForm], pydantic.Field(max_length=MOST_STEPS + 1)]


class FlowBody(SaveBody):
    """A flow's form as it stands, or its whole text where that was edited instead.

    A new flow sends both: its form, and the text that it began with.
    """

    form: FlowForm | None = None
    text: Text | None = None


class WalkBody(FlowBody):
    """The same, with what the phone was told. faq: the FAQ that was asked for."""

    faq: Short = ""
    answers: list[dict[Short, Said]] = pydantic.Field(default_factory=list, max_length=100)
