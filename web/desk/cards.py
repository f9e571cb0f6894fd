"""The card: what is known of a customer's problem, so that nobody has to tell it twice.

Its fields, and how they are called, stand in card.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from web.desk.masking import mask
from web.desk.texts import clean

TABLE = Path(__file__).with_name("card.yml")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is written. The names are those of card.yml, which explains them."""

    customer: str
    agent: str
    letter: str
    lines: int = 1
    expects: str = "order_number"


def read_field(name: str, said: Mapping[str, Any]) -> Field:
    """Read a row of the table; raises TypeError that names it where it misses a name."""
    try:
        return Field(**said)
    except TypeError as error:
        raise TypeError(f"{TABLE.name}, {name}: {error}") from None


WRITTEN = {
    name: read_field(name, said)
    for name, said in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()
}
FIELDS = ("topic", *WRITTEN)  # the topic is chosen, not written
# What is kept of the transaction that a customer chose.
TRANSACTION = ("id", "kind", "payee", "amount", "time", "state", "reason")
RESULTS = frozenset({"done", "no", "unknown"})
STEPS = 20


def tidy(card: object) -> dict[str, Any]:
    """Keep of a card what is known and well formed: short masked texts, the steps tried,
    the transaction that was chosen."""
    if not isinstance(card, Mapping):
        return {}
    tidied: dict[str, Any] = {}
    for field in FIELDS:
        value = card.get(field)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and (text := clean(value).strip()[:500]):
            tidied[field] = mask(text, _expects(field))[0]
    chosen = card.get("transaction")
    if isinstance(chosen, Mapping):
        kept = {name: chosen.get(name) for name in TRANSACTION}
        tidied["transaction"] = {
            name: mask(clean(value).strip()[:100], "order_number")[0]
            for name, value in kept.items()
            if isinstance(value, str) and value.strip()
        }
    tried = card.get("tried")
    steps: dict[str, str] = {}
    for entry in tried if isinstance(tried, list) else []:
        step = entry.get("step") if isinstance(entry, Mapping) else None
        if isinstance(step, str) and step.strip():
            result = entry.get("result")
            name = mask(clean(step).strip()[:100], "order_number")[0]
            steps[name] = result if result in RESULTS else "unknown"
    if steps:
        pairs = list(steps.items())[:STEPS]
        tidied["tried"] = [{"step": step, "result": result} for step, result in pairs]
    return tidied


def names(reader: Literal["customer", "agent", "letter"]) -> dict[str, str]:
    """Return field → how a reader calls it, in the card's order."""
    return {name: getattr(field, reader) for name, field in WRITTEN.items()}


def _expects(field: str) -> str:
    return WRITTEN[field].expects if field in WRITTEN else "order_number"


def merge(known: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """Put what is new over what was known; steps are joined by their name."""
    merged = {**known, **{key: value for key, value in news.items() if key != "tried"}}
    steps = {entry["step"]: entry["result"] for entry in known.get("tried", ())}
    steps.update({entry["step"]: entry["result"] for entry in news.get("tried", ())})
    if steps:
        merged["tried"] = [{"step": step, "result": result} for step, result in steps.items()]
    return merged
