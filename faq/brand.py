"""data/brand.yml: what the help center calls itself, how it looks and what its first page lists."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faq import words
from search.errors import BadContent, Problem
from search.files import Unreadable, read_file
from search.kept import load_mapping
from search.reasons import because, no_text

FILE = "brand.yml"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FLOW = re.compile(r"[a-z]+(?:_[a-z]+)*")
_PICTURE = re.compile(r"brand/[\w-]+\.(?:svg|png|webp)")
TEXTS = ("name", "short", "center", "assistant", "about", "service", "promise")
LISTS = ("hot", "urgent")
LINKS = ("promise", "video", "platform", "stolen")
COLOURS = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Brand:
    """What brand.yml says.

    name: the company or its product. short: what customers call it. center: the help center's
    name; assistant: the chat's; service: who a letter is addressed to. about: a sentence for search
    engines. promise: what stands at the foot of every page. logo: a picture below the content
    folder, None for the plain one. colours: accents by COLOURS. lists: ids of the FAQs that the
    first page lists, by LISTS. links: ids of the FAQs that places in pages lead to, by LINKS.
    icons: by category, the name of its icon. greeting: what the bot says first, {name} standing for
    a customer's, None for what its domain says; buttons: titles and payloads below it.
    """

    name: str
    short: str
    center: str
    assistant: str
    about: str
    service: str
    promise: str
    logo: str | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    icons: Mapping[str, str] = field(default_factory=dict)
    greeting: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()

    def renamed(self, text: str, name: str) -> str:
        """Return a text with this company's names replaced by another's."""
        for own, theirs in (
            (self.center, f"{name}{words.say('brand.center')}"),
            (self.name, name),
            (self.short, name),
        ):
            text = text.replace(own, theirs) if own else text
        return text


def read(path: Path, raw: bytes) -> Brand:
    """Read brand.yml; raises BadContent, which names every fault."""
    found = load_mapping(path, raw)
    problems: list[Problem] = []

    def bad(reason: str, fix: str) -> None:
        problems.append(Problem(path, 1, reason, fix))

    for key in found:
        if key not in (*TEXTS, "logo", "colours", "home", "links", "icons", "greeting"):
            bad(because("unknown-field", name=key), "drop it")
    name = found.get("name")
    if not isinstance(name, str) or not name.strip():
        bad(because("missing", field="name"), "write the company's name")
        name = ""
    texts = texts_of(name)
    for key in TEXTS:
        value = found.get(key, texts[key])
        if not isinstance(value, str):
            bad(no_text(key, value), "put it in quotes")
        else:
            texts[key] = value.strip()
    logo = found.get("logo")
    if logo is not None and not (isinstance(logo, str) and _PICTURE.fullmatch(logo)):
        bad(because("logo", value=logo), "put it into brand/ and write brand/logo.svg")
    colours = _table(found, "colours", bad)
    for key, value in colours.items():
        if key not in COLOURS or not _COLOUR.fullmatch(str(value)):
            bad(
                because("colour", name=key, value=value),
                'write light: "#a63c12" and dark: "#ff9a66"',
            )
    home = _table(found, "home", bad)
    for key, value in home.items():
        listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if key not in LISTS or not listed:
            bad(because("home", name=key), "write hot: [ids] and urgent: [ids]")
    links, icons = _table(found, "links", bad), _table(found, "icons", bad)
    for key, value in (*links.items(), *icons.items()):
        if not isinstance(value, str):
            bad(no_text(key, value), "put it in quotes")
    greeting = _table(found, "greeting", bad)
    said, buttons = greeting.get("text"), greeting.get("buttons") or []
    if greeting and (not isinstance(said, str) or not isinstance(buttons, list)):
        bad(because("greeting-text"), "write text: and buttons:")
        buttons = []
    pairs = [_button(one) for one in buttons]
    if None in pairs:
        bad(because("greeting-button"), "write {title: …, faq: id} or {title: …, flow: human}")
    if problems:
        raise BadContent(tuple(problems))
    lists = {key: tuple(value) for key, value in home.items()}
    return Brand(
        **texts,
        logo=logo,
        colours=colours,
        lists=lists,
        links=links,
        icons=icons,
        greeting=said,
        buttons=tuple(pair for pair in pairs if pair is not None),
    )


def _button(value: Any) -> tuple[str, str] | None:
    """Return a button's title and payload, None where it is none."""
    if not isinstance(value, dict) or not isinstance(value.get("title"), str):
        return None
    if isinstance(value.get("faq"), str):
        payload = json.dumps({"faq": value["faq"]}, ensure_ascii=False)
        return value["title"], f"/faq{payload}"
    flow = value.get("flow")
    named = isinstance(flow, str) and _FLOW.fullmatch(flow)
    return (value["title"], f"/{flow}") if named else None


def read_folder(data: Path) -> Brand:
    """Read a content folder's brand; without a good file, a plain one."""
    path = data / FILE
    try:
        return read(path, read_file(path))
    except (FileNotFoundError, Unreadable, BadContent):
        return plain()


def plain() -> Brand:
    """Return the brand of a help center that names none."""
    texts: dict[str, Any] = {**texts_of("")}
    return Brand(**texts)


def texts_of(name: str) -> dict[str, str]:
    """Give the texts of a company of which only the name is known, by TEXTS."""
    patterns: Mapping[str, str] = words.table("brand.texts")
    return {"name": name} | {key: patterns[key].format(name=name) for key in TEXTS[1:]}


def _table(found: Mapping[str, Any], key: str, bad: Any) -> dict[str, Any]:
    value = found.get(key) or {}
    if not isinstance(value, dict):
        bad(because("no-mapping", field=key), "write `name: value` lines")
        return {}
    return value
