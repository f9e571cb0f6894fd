"""What is said of what the wallet knows, as data/wallet.yml gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.errors import BadContent, Problem
from search.kept import load_mapping
from search.reasons import because

CODE = re.compile(r"[A-Z][A-Z0-9_]{3,31}")
STATES = ("PDNG", "BOOK", "RJCT", "CANC", "AUTH")
KINDS = ("payment", "transfer", "withdrawal", "topup", "refund", "fee")
# What web/wallet/telling.py falls back on when the app names a transaction by itself.
CONCERNS = ("pay_failed", "refund", "dispute")
# What is said of an account that is held for a reason that nobody has a sentence for.
HOLDS = ("MS03",)
WISHES = ("Freeze", "Unfreeze", "Refund", "Dispute", "Verification")
STEPS = ("requested", "merchant_approved", "processing", "bank", "credited", "refused")
# What every sentence may hold in braces; a sentence that names more would show its braces.
PLACES = {
    "moment": {"month", "day", "time"}, "date": {"month", "day"}, "amount": {"value"},
    "other_amount": {"value", "currency"}, "person": {"last"},
    "source": {"when"}, "label": {"time", "payee", "amount", "state"},
    "about": {"time", "payee", "kind", "amount", "state"}, "because": {"reason", "remedy"},
    "about_in": {"time", "payee", "kind", "amount", "state"},
    "pending": {"expected"}, "pending_late": {"expected"}, "booked_not_received": {"id"},
    "refund_step": {"amount", "step", "means"}, "refund_expected": {"expected"},
    "refund_late": {"expected"}, "refund_do": {"do"}, "duplicate": {"first", "second"},
    "still": {"state"}, "authorisation": {"first"},
    "fee": {"fee"}, "incident": {"kind"}, "incident_over": {"kind"},
    "account_held": {"since", "held", "reason", "remedy"}, "freeze_done": {"when"},
    "freeze_failed": {"hotline"}, "suspicious": {"time", "payee", "kind", "amount"},
    "refund_arrived": {"payee", "amount"},
    "unfreeze_done": {"when"}, "unfreeze_not": {"reason", "remedy"},
    "request_done": {"what", "payee", "amount"},
    "request_not": {"what", "payee", "amount", "reason"},
    "about_request": {"what", "payee", "amount", "time"},
    "note_asked": {"what", "why"}, "note_proposed": {"what", "why"}, "note_confirmed": {"what"},
    "note_declined": {"what", "why"}, "note_withdrawn": {"what"}, "note_lapsed": {"what"},
    "note_done": {"what"}, "note_refused": {"what", "reason"}, "note_lost": {"what"},
}  # fmt: skip
PLAIN = (
    "one", "several", "none_of_these", "another", "none", "none_found", "down", "down_chosen",
    "refused", "unknown_reason", "pending_open", "no_refund", "no_fee", "no_time",
    "account_active", "freeze_button", "freeze_ask", "freeze_yes", "freeze_no", "freeze_kept",
    "freeze_accepted", "freeze_next", "suspicious_yes", "suspicious_no", "suspicious_mine",
    "verified", "not_verified", "no_reason", "more", "solved", "human",
)  # fmt: skip
_BRACES = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code means. remedy: the one thing that helps, "" for none. faq: with the steps.

    unknown: the code says that nobody knows why. system: an incident may be the cause.
    """

    says: str
    remedy: str
    faq: str | None = None
    unknown: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True)
class RefundStep:
    """One step of a refund: its name, what it means, what can be done now."""

    title: str
    means: str
    do: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A kind of question about transactions, and which of them it can be about.

    account: it is about the account's state instead. debit: only what was paid. charged: those
    with a fee first. refund: those with a refund first. no_refund: the step of the
    flow, and its value, that is answered where a transaction has no refund yet.
    """

    name: str
    flows: frozenset[str] = frozenset()
    faqs: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    account: bool = False
    debit: bool = False
    charged: bool = False
    refund: bool = False
    no_refund: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The whole file. danger: topics and FAQs beside which freezing is offered.

    when: by what customers ask, after a transaction was told, how far it is.
    """

    reasons: Mapping[str, Reason]
    holds: Mapping[str, Reason]
    kinds: Mapping[str, str]
    states: Mapping[str, str]
    refund: Mapping[str, RefundStep]
    concerns: Mapping[str, Concern]
    danger_topics: frozenset[str]
    danger_faqs: frozenset[str]
    days: Mapping[str, int]
    says: Mapping[str, str]
    when: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=dict)

    def reason(self, code: str | None) -> Reason | None:
        """Return what a code means; one that nobody has a sentence for is as good as unknown."""
        if code is None:
            return None
        return self.reasons.get(code) or Reason(self.says["unknown_reason"], "", unknown=True)

    def concern(self, flow: str | None, faq: str | None) -> Concern | None:
        """Return what a flow or FAQ is about; None where no transaction is."""
        for one in self.concerns.values():
            if (faq is not None and faq in one.faqs) or (flow is not None and flow in one.flows):
                return one
        return None


# What a folder says that has no such file: enough where no wallet is asked.
NOTHING = Words({}, {}, {}, {}, {}, {}, frozenset(), frozenset(), {}, {})


def read(path: Path, raw: bytes) -> Words:
    """Read the file's bytes; raises BadContent with what is wrong."""
    reader = _Reader(path)
    found = load_mapping(path, raw)
    says = reader.texts(found, "says", but=("held",))
    for name in (*PLAIN, *PLACES):
        if not says.get(name, "").strip():
            reader.fail(f"says.{name}")
        for place in _BRACES.findall(says[name]):
            if place not in PLACES.get(name, set()):
                reader.fail(f"says.{name}.{place or '{}'}")
    days = reader.part(found, "days")
    if not all(type(value) is int and 0 <= value <= 31 for value in days.values()):
        reader.fail("days")
    danger = reader.part(found, "danger")
    return Words(
        reasons=reader.reasons(found, "reasons"),
        holds=reader.complete(reader.reasons(found, "holds"), "holds", HOLDS),
        kinds=reader.complete(reader.texts(found, "kinds"), "kinds", KINDS),
        states=reader.complete(reader.texts(found, "states"), "states", STATES),
        refund=reader.complete(reader.steps(found), "refund", STEPS),
        concerns=reader.complete(reader.concerns(found), "concerns", CONCERNS),
        danger_topics=reader.names(danger, "danger", "topics"),
        danger_faqs=reader.names(danger, "danger", "faqs"),
        days=days,
        says=says,
        when=tuple(sorted(reader.names(found, "", "when", missing=True))),
        held=reader.texts(reader.part(found, "says"), "held"),
        requests=reader.complete(reader.texts(found, "requests"), "requests", WISHES),
    )


class _Reader:
    """Reads the parts of one file; raises BadContent."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fail(self, place: str) -> None:
        fix = "compare it with an earlier version"
        raise BadContent((Problem(self._path, 1, because("wallet", place=place), fix),))

    def part(self, found: Mapping[str, Any], name: str) -> dict[str, Any]:
        part = found.get(name)
        if not isinstance(part, dict) or not all(isinstance(key, str) for key in part):
            self.fail(name)
        return dict(part or {})

    def texts(
        self, found: Mapping[str, Any], name: str, but: tuple[str, ...] = ()
    ) -> dict[str, str]:
        part = {key: value for key, value in self.part(found, name).items() if key not in but}
        for key, value in part.items():
            if not isinstance(value, str):
                self.fail(f"{name}.{key}")
        return part

    def complete(self, part: Any, name: str, wanted: tuple[str, ...]) -> Any:
        for key in wanted:
            if key not in part:
                self.fail(f"{name}.{key}")
        return part

    def reasons(self, found: Mapping[str, Any], name: str) -> dict[str, Reason]:
        reasons = {}
        for code, one in self.part(found, name).items():
            if not CODE.fullmatch(code):
                self.fail(f"{name}.{code}")
            says, remedy, faq = self._fields(name, code, one, ("says", "remedy"), ("faq",))
            unknown = one.get("unknown") is True
            if not says.strip() or not (remedy.strip() or unknown):
                self.fail(f"{name}.{code}")
            reasons[code] = Reason(says, remedy, faq or None, unknown, one.get("system") is True)
        return reasons

    def steps(self, found: Mapping[str, Any]) -> dict[str, RefundStep]:
        return {
            name: RefundStep(*self._fields("refund", name, one, ("title", "means", "do")))
            for name, one in self.part(found, "refund").items()
        }

    def concerns(self, found: Mapping[str, Any]) -> dict[str, Concern]:
        return {name: self.concern(name, one) for name, one in self.part(found, "concerns").items()}

    def concern(self, name: str, one: Any) -> Concern:
        if not isinstance(one, dict):
            self.fail(f"concerns.{name}")
        lists: dict[str, Any] = {
            key: self.names(one, f"concerns.{name}", key, missing=True)
            for key in ("flows", "faqs", "kinds", "states")
        }
        if lists["kinds"] - set(KINDS) or lists["states"] - set(STATES):
            self.fail(f"concerns.{name}.kinds")
        switches = ("account", "debit", "charged", "refund")
        flags: dict[str, Any] = {key: one.get(key) is True for key in switches}
        known = one.get("no_refund")
        if known is None:
            return Concern(name, **lists, **flags)
        if not isinstance(known, list) or [type(part) for part in known] != [str, str]:
            self.fail(f"concerns.{name}.no_refund")
        return Concern(name, **lists, **flags, no_refund=(known[0], known[1]))

    def names(
        self, part: Mapping[str, Any], where: str, name: str, *, missing: bool = False
    ) -> frozenset[str]:
        listed = part.get(name, [] if missing else None)
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            self.fail(f"{where}.{name}")
        return frozenset(listed or ())

    def _fields(
        self, where: str, name: str, one: Any, wanted: tuple[str, ...], may: tuple[str, ...] = ()
    ) -> list[str]:
        if not isinstance(one, dict):
            self.fail(f"{where}.{name}")
        values = [one.get(key) for key in wanted] + [one.get(key, "") for key in may]
        if not all(isinstance(value, str) for value in values):
            self.fail(f"{where}.{name}")
        return [str(value) for value in values]
