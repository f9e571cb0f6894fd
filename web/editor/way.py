"""The way that every change takes from an editor's page: checked, then live, or a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from faq import words
from faq.errors import Collision
from faq.findings import Finding
from faq.history import FILE
from faq.store import NONE, Saved, Stored, Why
from search.documents import Faq, read_faq
from web import announcements
from web.console.login import agent
from web.editor import desk
from web.editor.bodies import SaveBody
from web.publishing import drafts
from web.publishing.duty import is_reviewed
from web.publishing.judging import refuse_errors
from web.publishing.models import ContentDraft
from web.publishing.roles import is_of
from web.services import services, utc_now

Judging = Callable[[], list[Finding]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an editor wants of one file.

    name: its path below the content folder. text: None to delete it. seen: the version that the
    editor saw, of the file or of its open draft. target: where it is to go, None where it stays.
    deed: None where the file itself tells. reason: as given. due: when it is to go live, None at
    once. base: the version of the file beside an open draft, None as it was when that was begun.
    """

    name: str
    text: str | None
    seen: str
    target: str | None = None
    deed: str | None = None
    reason: str = ""
    due: datetime | None = None
    base: str | None = None

    @classmethod
    def to_save(cls, name: str, text: str | None, sent: SaveBody) -> Wish:
        """Want a text saved as a page sent it: over the version that it saw, when it says."""
        due = sent.moment(announcements.HERE)
        return cls(name, text, sent.version, reason=sent.reason, due=due, base=sent.base)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish.

    version: of what is there now. in_git: whether git has it. draft: the draft that it became, None
    where customers have it.
    """

    version: str
    in_git: bool
    findings: list[Finding]
    draft: ContentDraft | None = None

    def as_json(self) -> dict[str, Any]:
        """Show it to the page."""
        due = self.draft.due.isoformat() if self.draft and self.draft.due else None
        draft = {"id": self.draft.id, "state": self.draft.state, "due": due} if self.draft else None
        return {"version": self.version, "in_git": self.in_git, "draft": draft}


def stands(name: str) -> tuple[Stored, ContentDraft | None]:
    """Return what an editor goes on from: the open draft's text, or the file's; and that draft."""
    with services().database.read() as session:
        draft = drafts.open_of(session, name)
        if draft is not None and draft.name == name:
            return Stored(drafts.text_of(session, draft), drafts.token(draft)), draft
    return desk.store().read(name), draft


def expect(name: str, seen: str) -> tuple[Stored, ContentDraft | None]:
    """Return what stands, which must still be what was seen; raises Collision."""
    now, draft = stands(name)
    if now.version != seen:
        raise Collision(now.text, now.version)
    return now, draft


def carry_out(wish: Wish, judging: Judging) -> Outcome:
    """Check a wish and do it; raises what the store raises, and Unfit.

    judging: finds what is wrong; asked before the lock for the long work.
    """
    permit(wish.name)
    _, draft = expect(wish.name, wish.seen)  # before the long work; asked again under the lock
    found = judging()
    refuse_errors(found)
    now = utc_now()
    waits = services().settings.review and is_reviewed(wish.name)
    if waits or (wish.due is not None and wish.due > now):
        kept = _propose(wish, draft, now, "waiting" if waits else "scheduled")
        return Outcome(drafts.token(kept), True, found, kept)
    saved = _live(wish, draft, now)
    take_up()
    return Outcome(saved.version, saved.in_git, found)


def _propose(wish: Wish, draft: ContentDraft | None, now: datetime, state: str) -> ContentDraft:
    me = agent()
    base = wish.base
    if base is None:
        base = draft.base if draft is not None else wish.seen
    there = desk.store().read(wish.name).text is not None
    deed = wish.deed or ("delete" if wish.text is None else "edit" if there else "add")
    target = wish.target or wish.name
    deed = "move" if target != wish.name else deed
    proposal = drafts.Proposal(
        wish.name, target, wish.text, base, deed, shown(me.display), me.id, wish.reason, wish.due
    )
    with desk.store().alone(), services().database.write() as session:
        return drafts.put(session, proposal, wish.seen, now, state)


def _live(wish: Wish, draft: ContentDraft | None, now: datetime) -> Saved:
    me, store = agent(), desk.store()
    who = shown(me.display)
    why = Why(wish.reason, me.id, wish.deed)
    seen = wish.seen
    if draft is not None and wish.seen == drafts.token(draft):
        seen = draft.base if wish.base is None else wish.base
    new = seen == NONE

    def again(text: str) -> None:
        refuse_errors(desk.taken_name(wish.target or wish.name, new=new))

    if wish.text is None:
        saved = store.delete(wish.name, seen, who, now, why)
    elif wish.target is not None and wish.target != wish.name:
        saved = store.move(wish.name, wish.target, wish.text, seen, who, now, again, why)
    else:
        saved = store.write(wish.name, wish.text, seen, who, now, again, why)
    if draft is not None and draft.name == wish.name:
        with services().database.write() as session:
            current = drafts.get(session, draft.id)
            drafts.decide(session, current, draft.edition, "published", who, me.id, now)
    return saved


def refuse_bad(draft: ContentDraft) -> None:
    """Raise Unfit where a draft could not go live as things are."""
    with services().database.read() as session:
        text = drafts.text_of(session, draft)
    refuse_errors(services().releases.findings(draft, text))


def parsed(name: str, text: str) -> tuple[Faq | None, list[str]]:
    """Read an FAQ; where it cannot be read, say why in editors' words."""
    live = desk.engine()
    known = frozenset(live.variables) if live else frozenset(services().variables)
    faq, problems = read_faq(desk.data() / name, text, known)
    return faq, [words.translate(item.reason, "")[0] for item in problems]


def permit(name: str) -> None:
    """Raise NotAllowed for files that somebody of another role looks after."""
    drafts.refuse_unless(is_of(name, agent().role), "not-yours")


def shown(display: str) -> str:
    """Return the name to keep; nobody passes for the program itself."""
    return f"{display}." if display in (FILE, drafts.CLOCK) else display


def take_up() -> None:
    """Serve the change from here at once; the other processes see it a moment later."""
    live = desk.engine()
    if live is not None:
        live.refresh()
