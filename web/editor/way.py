"""The way that every change takes from an editor's page: checked, saved, served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faq.findings import Finding
from faq.history import FILE
from faq.store import Saved, Why
from web.console.login import agent
from web.editor import desk
from web.publishing.judging import refuse_errors
from web.services import utc_now

Judging = Callable[[], list[Finding]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an editor wants of one file.

    name: its path below the content folder. text: None to delete it. seen: the version that the
    editor saw. target: where it is to go, None where it stays. deed: None where the file itself
    tells. reason: as given.
    """

    name: str
    text: str | None
    seen: str
    target: str | None = None
    deed: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the version that is there now, whether git has it, what was found."""

    version: str
    in_git: bool
    findings: list[Finding]


def carry_out(wish: Wish, judging: Judging) -> Outcome:
    """Check a wish and do it; raises what the store raises, and Unfit.

    judging: finds what is wrong; asked before the lock for the long work.
    """
    store = desk.store()
    store.expect(wish.name, wish.seen)  # before the long work; asked again under the lock
    found = judging() if wish.text is not None else []
    refuse_errors(found)
    saved = _live(wish)
    take_up()
    return Outcome(saved.version, saved.in_git, found)


def _live(wish: Wish) -> Saved:
    me, now, store = agent(), utc_now(), desk.store()
    why = Why(wish.reason, me.id, wish.deed)
    if wish.text is None:
        return store.delete(wish.name, wish.seen, shown(me.display), now, why)

    def again(text: str) -> None:
        refuse_errors(desk.taken_name(wish.target or wish.name, new=wish.seen == ""))

    if wish.target is not None and wish.target != wish.name:
        return store.move(
            wish.name, wish.target, wish.text, wish.seen, shown(me.display), now, again, why
        )
    return store.write(wish.name, wish.text, wish.seen, shown(me.display), now, again, why)


def shown(display: str) -> str:
    """Return the name to keep; nobody passes for the program itself."""
    return f"{display}." if display == FILE else display


def take_up() -> None:
    """Serve the change from here at once; the other processes see it a moment later."""
    live = desk.engine()
    if live is not None:
        live.refresh()
