"""The content files beside FAQs and announcements that editors change: THE table of them.

Everything that is editable, who may change it and in which place it is shown follows from here;
what each is called stands in editable.yml. Guided flows and what customers ask next have a file for
each flow and FAQ, and pages of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from learning.written import load

STEPS = "steps.yml"
FLOW = re.compile(r"flows/([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\.yml")
FURTHER = re.compile(r"further/([a-z0-9]+(?:-[a-z0-9]+)*)\.yml")
# What the pages show together, in their order.
PARTS = ("says", "facts", "hears", "checks", "safety", "desk")


@dataclass(frozen=True, slots=True)
class Editable:
    """One file. name: its path below the content folder. part: one of PARTS.

    lead: whether only a lead may change it; shared: whether a lead may, too. grows: paths (dotted,
    `*` for any name) of tables to which the page adds entries; "" is the file itself. tries: how a
    draft is tried out: a message that it hears, its sentences as they are shown, a time, all of
    its questions, or what it means. instead: words that may stand where a number does.
    """

    name: str
    part: str
    grows: tuple[str, ...] = ()
    lead: bool = False
    shared: bool = False
    tries: Literal["hear", "show", "when", "all", "means"] = "hear"
    instead: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Say how it is written: yml, jsonl or txt."""
        return self.name.rpartition(".")[2]

    @property
    def title(self) -> str:
        """Say what editors call it."""
        return str(said()["files"][self.name][0])

    @property
    def hint(self) -> str:
        """Say what it is for and what to heed."""
        return str(said()["files"][self.name][1])


@cache
def said() -> dict[str, Any]:
    """Return the words of editable.yml: `parts`, and of each file its title and a hint."""
    path = Path(__file__).with_name("editable.yml")
    found: dict[str, Any] = load(path.read_text(encoding="utf-8"))
    return found


EDITABLE: Mapping[str, Editable] = {
    item.name: item
    for item in (
        Editable("phrases/replies.yml", "says", tries="show"),
        Editable("phrases/smalltalk.yml", "says", tries="show"),
        Editable("phrases/dialogue.yml", "says", tries="show"),
        Editable("phrases/unanswered.yml", "says", tries="show"),
        Editable("phrases/waiting.yml", "says", tries="show"),
        Editable(STEPS, "says", tries="show"),
        Editable("fallback.yml", "says", tries="show"),
        Editable("lexicon/smalltalk.yml", "says"),
        Editable("canned.yml", "says", tries="show"),
        Editable("wallet.yml", "says", tries="show"),
        Editable("tips.yml", "says", grows=("tips",), tries="show"),
        Editable("brand.yml", "facts", tries="show"),
        Editable("hours.yml", "facts", tries="when", shared=True),
        Editable("variables.yml", "facts", grows=("",), tries="show"),
        Editable("categories.yml", "facts", grows=("",), tries="show"),
        Editable("lexicon/synonyms.yml", "hears"),
        Editable("lexicon/typos.yml", "hears", grows=("typos",)),
        Editable("lexicon/human.yml", "hears"),
        Editable("lexicon/beyond.yml", "hears"),
        Editable("lexicon/asides.yml", "hears"),
        Editable("lexicon/acts.yml", "hears"),
        Editable("lexicon/topics.yml", "hears"),
        Editable("lexicon/replies.yml", "hears"),
        Editable("lexicon/details.yml", "hears"),
        Editable("lexicon/words.txt", "hears"),
        Editable("lexicon/readings.yml", "hears", grows=("readings",)),
        Editable("faq/golden.jsonl", "checks", tries="all"),
        Editable("safety/life.yml", "safety", lead=True),
        Editable("safety/fraud.yml", "safety", lead=True),
        Editable("lexicon/forbidden_asks.yml", "safety", lead=True),
        Editable("goals.yml", "desk", lead=True, tries="means"),
        Editable("review.yml", "desk", lead=True, tries="means"),
        Editable("retention.yml", "desk", lead=True, tries="means", instead=("never",)),
    )
}


def is_words(name: str) -> bool:
    """Tell whether a path below the content folder is one of these files, or one of a kind."""
    return name in EDITABLE or bool(FLOW.fullmatch(name) or FURTHER.fullmatch(name))


def pageless() -> Mapping[str, str]:
    """Say which files of the folder have no page, by a pattern of their names, and why."""
    found: dict[str, str] = said()["pageless"]
    return found
