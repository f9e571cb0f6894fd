"""Every scripted dialogue of this folder, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.conftest import Agent, announcing, identity
from tests.conversations.script import Dialogue, read_dialogues
from tests.conversations.talk import Talk, play
from tests.product import Customer, Product

HERE = Path(__file__).parent


def scripted() -> Iterator[object]:
    for path in sorted(HERE.glob("*.yml")):
        for dialogue in read_dialogues(path):
            known = [pytest.mark.xfail(reason=dialogue.xfail or "", strict=True)]
            marks = known if dialogue.xfail else []
            yield pytest.param(dialogue, id=f"{path.stem}-{dialogue.name}", marks=marks)


@pytest.mark.parametrize("dialogue", list(scripted()))
def test_the_bot_answers_as_scripted(
    dialogue: Dialogue, product: Product, content: Path, agent: Agent
) -> None:
    signed_in = dialogue.signed_in
    talk = Talk(
        Customer(product.url, "app", identity(signed_in)) if signed_in else Customer(product.url)
    )
    with announcing(content, dialogue.notices):
        for turn in dialogue.turns:
            play(talk, turn, agent)
