"""What a draft of a file of words would do, shown before it is published.

A message is heard by the draft as the program would hear it; a sentence is shown as it is said.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogue.acts import MATTER, Acts, read_acts, read_needs, read_never
from dialogue.topics import Topics
from faq import checking, golden, kinds, trying, words
from faq.editable import Editable
from safety.fraud import Fraud
from safety.life import Life
from search import Engine, fill
from search.content import NAMES
from search.dialogue import DETAILS, KINDS, REPLIES, read_details, read_replies
from search.documents import LOADER, VARIABLE

# faq: an FAQ, by its id. said: what is said to the customer. note: what the program made of it.
Kind = Literal["mine", "faq", "said", "note"]
# Examples from FAQs' own questions, by which a matter is told from an act.
MATTERS = 3
# Golden questions and articles that are named at most; the rest is counted.
MOST = 8
VARIABLES = "variables.yml"
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the try-out."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What a draft is tried against. variables: as customers read them now."""

    data: Path
    engine: Engine
    variables: Mapping[str, str]
    now: datetime


def hear(file: Editable, text: str, message: str, stage: Stage) -> list[Told]:
    """Say what a file's draft makes of a message; raises what its reader raises."""
    return [Told("mine", message), *_heard(file.name, text, message, stage)]


def show(
    file: Editable, text: str, path: Sequence[str | int], said: Sequence[str], stage: Stage
) -> tuple[list[Told], list[str]]:
    """Show texts of one field as customers read them, and the buttons that stand with them."""
    draft: Any = yaml.load(text, LOADER)  # noqa: S506 - a SafeLoader
    if file.name == VARIABLES:
        return list(_variables(draft, stage)), []
    samples = words.table("rehearsal.samples")
    shown = [
        Told("said", _filled(one, stage.variables, samples)) for one in said if one.strip()
    ]  # fmt: skip
    return shown, _buttons(draft, path)


def when(text: str, at: datetime, stage: Stage) -> list[Told]:
    """Say which channels are open at a time by a draft of the opening hours."""
    hours = kinds.read_hours(stage.data / kinds.HOURS, text.encode())
    found = []
    for channel in hours.channels:
        name, opening = words.name("hours.weeks", channel), hours.next_opening(channel, at)
        if opening == at:
            found.append(Told("note", words.say("rehearsal.open", channel=name)))
        elif opening is None:
            found.append(Told("note", words.say("rehearsal.never", channel=name)))
        else:
            first = opening.astimezone(hours.zone).strftime("%Y-%m-%d %H:%M")
            found.append(Told("note", words.say("rehearsal.shut", channel=name, first=first)))
    return found


def ask_all(text: str, stage: Stage) -> list[Told]:
    """Ask all golden questions of a draft, and name those that get another FAQ."""
    rows, _ = golden.parse(text)
    other = [row for row in rows if _first(stage.engine, row.text) != row.faq]
    count = words.say("rehearsal.golden", all=len(rows), other=len(other))
    named = [
        Told(
            "note",
            words.say(
                "rehearsal.golden-other",
                text=row.text,
                got=_titled(stage.engine, _first(stage.engine, row.text)),
            ),
        )
        for row in other[:MOST]
    ]
    return [Told("note", count), *named]


def _heard(name: str, text: str, message: str, stage: Stage) -> Iterator[Told]:
    if name in NAMES:
        yield from _ranked(name, text, message, stage)
    elif name == kinds.FORBIDDEN:
        asks = kinds.read_forbidden(stage.data / name, text.encode()).find(message)
        for ask in asks:
            kind = words.name("secrets", ask.kind)
            yield _note("held", text=ask.clause, kind=kind)
        if not asks:
            yield _note("not-held")
    elif name == DETAILS:
        yield from _details(stage.data / name, text, message)
    elif name == REPLIES:
        yield from _replies(stage.data / name, text, message)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(name).name  # these readers take files
            path.write_text(text, encoding="utf-8")
            yield from _BY_FILE[name](path, message, stage)


def _ranked(name: str, text: str, message: str, stage: Stage) -> Iterator[Told]:
    """Rank a message by a draft of what the index is made of, and as it is ranked now."""
    then = stage.engine.preview({name: text})
    found, before = trying.attempt(then, message, 1), trying.attempt(stage.engine, message, 1)
    if found["standard"] != message:
        yield Told("note", words.say("try.standard", text=found["standard"]))
    if found["meant"] is not None:
        yield Told("note", words.say("try.meant", text=found["meant"]))
    yield Told("note", found["verdict"])
    if found["band"] == "answer" and found["topic"] is None:
        yield Told("faq", found["hits"][0]["id"])
    if before["verdict"] != found["verdict"]:
        yield _note("before", said=before["verdict"])
    if name == "lexicon/asides.yml":
        yield _note("learned-later")


def _acts(path: Path, message: str, stage: Stage) -> Iterator[Told]:
    matters = [one for faq in stage.engine.faqs() for one in (faq.question, *faq.similar[:MATTERS])]
    examples: dict[str, list[str]] = {**read_acts(path), MATTER: matters}
    acts = Acts(
        examples, checking.normaliser(), stage.engine.learned, read_needs(path), read_never(path)
    )
    act = acts.tell(message)
    like = next((one for one in examples[act.name] if one == message), examples[act.name][0])
    yield _note("act", name=act.name, like=like, sure=round(100 * act.share))


def _topics(path: Path, message: str, stage: Stage) -> Iterator[Told]:
    topics = Topics.read(path, checking.normaliser())
    written = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a SafeLoader
    named = topics.name(message)
    objects = "、".join(topics.word_of(one) or one for one in named.objects)
    aspects = "、".join(str(written["aspects"][one][0]) for one in named.aspects)
    nothing = words.say("rehearsal.nothing")
    yield _note("topics", objects=objects or nothing, aspects=aspects or nothing)
    fits = [
        faq.id
        for faq in stage.engine.faqs()
        if faq.object in named.objects and faq.aspect in named.aspects
    ]
    yield from (Told("faq", faq_id) for faq_id in fits[:1])


def _life(path: Path, message: str, stage: Stage) -> Iterator[Told]:
    life = Life.read(path, checking.normaliser())
    if not life.cries_for_help(message):
        yield _note("no-life")
        return
    yield _note("life-acute" if life.is_acute(message) else "life")
    first = yaml.load(path.read_text(encoding="utf-8"), LOADER)["first"][0]  # noqa: S506
    yield Told("said", _filled(first, stage.variables, {}))


def _fraud(path: Path, message: str, stage: Stage) -> Iterator[Told]:
    stories = stage.data / "safety" / "stories"
    fraud = Fraud.read(path, checking.normaliser(), stories, stage.engine.learned)
    if not fraud.is_told_by(message):
        yield _note("no-fraud")
        return
    yield _note("fraud")
    yield Told("faq", fraud.stage_of(message).faq)


_BY_FILE: Mapping[str, Callable[[Path, str, Stage], Iterator[Told]]] = {
    "lexicon/acts.yml": _acts,
    "lexicon/topics.yml": _topics,
    "safety/life.yml": _life,
    "safety/fraud.yml": _fraud,
}


def _details(path: Path, text: str, message: str) -> Iterator[Told]:
    details = read_details(path, text.encode())
    folded = unicodedata.normalize("NFKC", message)
    none = True
    for kind in KINDS:
        matches = (re.search(pattern, folded) for pattern in details[kind]["anywhere"])
        value = next((match["value"] for match in matches if match and match["value"]), None)
        if value is not None:
            none = False
            yield _note("detail", kind=words.name("facts", kind), value=value.strip())
    if none:
        yield _note("no-detail")


def _replies(path: Path, text: str, message: str) -> Iterator[Told]:
    """Say which answer a message is: the longest phrase that it holds, as in a conversation."""
    replies = read_replies(path, text.encode())
    normalise = checking.normaliser()
    said = normalise(message)
    groups = {**replies["common"], "human": replies["human_within"]}
    best = max(
        ((len(form), name, one) for name, listed in groups.items() for one in map(str, listed)
         if (form := normalise(one)) and (form == said or (len(form) > 1 and form in said))),
        default=None,
    )  # fmt: skip
    if best is None:
        yield _note("no-reply")
    else:
        yield _note("reply", kind=words.name("rehearsal.replies", best[1]), like=best[2])


def _variables(draft: Mapping[str, Any], stage: Stage) -> Iterator[Told]:
    """Show an answer for each variable that a draft changes, as customers would read it."""
    now = stage.engine.variables
    changed = {str(name): str(said) for name, said in draft.items() if now.get(name) != said}
    for name, said in changed.items():
        if name in now and stage.variables.get(name) != now[name]:
            yield _note("configured", name=name, said=stage.variables.get(name, ""))
            continue
        using = [faq for faq in stage.engine.faqs() if name in VARIABLE.findall(faq.answer)]
        lines = [
            line
            for faq in using
            for line in faq.answer.split("\n")
            if name in VARIABLE.findall(line)
        ]
        yield _note("using", name=name, count=len(using))
        if lines:
            yield Told("said", fill(min(lines, key=len), {**stage.variables, **changed}))
        if not using:
            yield Told("said", said)


def _buttons(draft: Any, path: Sequence[str | int]) -> list[str]:
    """Return the titles of the buttons that stand beside a text."""
    found: list[str] = []
    node = draft
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        listed = node.get("buttons") if isinstance(node, Mapping) else None
        if isinstance(listed, list):
            found = [
                str(one["title"]) for one in listed if isinstance(one, Mapping) and "title" in one
            ]
    return found


def _filled(text: str, variables: Mapping[str, str], samples: Mapping[str, str]) -> str:
    known = {**variables, **samples}  # some places are filled with variables, too
    return _PLACE.sub(lambda match: str(known.get(match[1], match[0])), fill(text, variables))


def _first(engine: Engine, text: str) -> str | None:
    ranking = engine.rank(text, limit=1)
    return ranking.topic or (ranking.hits[0].id if ranking.hits else None)


def _titled(engine: Engine, owner: str | None) -> str:
    return words.say("rehearsal.nothing") if owner is None else trying.title_of(engine, owner)


def _note(name: str, /, **values: Any) -> Told:
    return Told("note", words.say(f"rehearsal.{name}", **values))
