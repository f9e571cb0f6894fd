"""Whether a text may go live: every rule of `faq check`, against everything else that is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from faq import checking, flows, further, structure, words
from faq.editable import EDITABLE, FLOW, FURTHER, STEPS
from faq.errors import Refused
from faq.findings import Finding, errors
from faq.folder import Folder
from faq.writing import Draft, compose
from search import BadContent, Engine
from search.content import Content, read_content, read_files
from search.documents import read_faq
from search.reasons import because
from web.desk.forbidden import Forbidden
from web.publishing import wordjudge


class Unfit(Refused):
    """A text that may not go live. findings: all that was found, warnings too."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("; ".join(item.why for item in errors(found)))
        self.findings = found


def refuse_errors(found: list[Finding]) -> None:
    """Raise Unfit where there are errors."""
    if errors(found):
        raise Unfit(found)


class Judge:
    """Reads and ranks; called beside the loop."""

    def __init__(self, data: Path, engine: Engine | None) -> None:
        """engine: None leaves out what has to be ranked."""
        self._data = data
        self._engine = engine

    def draft(
        self, draft: Draft, day: dt.date, forbidden: Forbidden, *, new: bool = False
    ) -> list[Finding]:
        """Check a draft; its file need not exist.

        new: the editor means to write another FAQ, so that its id must be free.
        """
        claimed = self.taken(draft.category, draft.id, new=new)
        if claimed:
            return claimed
        files = read_files(self._data)
        before = files.get(draft.name)
        text = compose(draft, None if before is None else before.decode("utf-8", "replace"))
        return self._article(draft.name, text, files, day, forbidden, {draft.name: text})

    def text(
        self, name: str, text: str, day: dt.date, forbidden: Forbidden, instead: str | None = None
    ) -> list[Finding]:
        """Check any file's whole text. instead: the file that goes when it comes."""
        if name.startswith("faq/") and name.endswith(".md"):
            return self.article(name, text, day, forbidden, instead)
        if FLOW.fullmatch(name) or name == STEPS:
            return flows.judge(self._data, self._content(), name, text, forbidden)
        if name in EDITABLE:
            learned = self._engine.learned if self._engine is not None else None
            return wordjudge.judge(self._data, name, text, forbidden, learned)
        if FURTHER.fullmatch(name):
            normalise = checking.normaliser()
            return further.judge(self._data, self._content(), name, text, normalise, forbidden)
        return []

    def article(
        self, name: str, text: str, day: dt.date, forbidden: Forbidden, instead: str | None = None
    ) -> list[Finding]:
        """Check an article's whole text. instead: the file that goes when it comes."""
        path = self._data / name
        faq_id, category = path.stem, path.parent.name
        if instead is None or Path(instead).stem != faq_id:
            claimed = self.taken(category, faq_id, new=instead is not None)
            if claimed:
                return claimed
        files = read_files(self._data)
        changes: dict[str, str | None] = {name: text}
        if instead is not None and instead != name:
            files.pop(instead, None)
            changes[instead] = None
        return self._article(name, text, files, day, forbidden, changes)

    def taken(self, category: str, faq_id: str, *, new: bool) -> list[Finding]:
        """Name the FAQ that has an id already; an id is in one category only."""
        mine = self._data / "faq" / category / f"{faq_id}.md"
        if not new and mine.exists():
            return []
        found = []
        for path in sorted((self._data / "faq").glob(f"*/{faq_id}.md")):
            live = self._engine
            known = live.generation.content.faqs.get(faq_id) if live is not None else None
            name = path.relative_to(self._data).as_posix()
            other = f"「{known.question}」({name})" if known and known.path == path else name
            why, fix = words.translate(because("id-taken", id=faq_id, other=other), "")
            values = {"why": why, "fix": fix, "other_id": faq_id if known else None}
            found.append(Finding(mine, 2, "schema", "error", "id", values))
        return found

    def gone(self, name: str) -> list[Finding]:
        """Name the flows and articles that lead to an article: without it, they lead nowhere."""
        files = read_files(self._data)
        if not name.startswith("faq/") or name not in files:
            return []
        rest = {one: raw for one, raw in files.items() if one != name}
        try:
            now, left = read_content(self._data, files), Folder.read(self._data, rest)
        except BadContent:
            return []  # it may be what is to be deleted

        def is_lost(faq_id: str) -> bool:
            return left.content.find(faq_id) is None and now.find(faq_id) is not None

        users = [flow.title for flow in flows.readable(self._data) if any(map(is_lost, flow.faqs))]
        users += [
            faq.question
            for faq in left.content.faqs.values()
            if any(map(is_lost, structure.linked(left, faq)))
        ]
        return [
            Finding(self._data / name, 1, "faq-used", "error", "file", {"text": user})
            for user in users
        ]

    def _content(self) -> Content:
        live = self._engine
        return read_content(self._data) if live is None else live.generation.content

    def _article(
        self,
        name: str,
        text: str,
        files: dict[str, bytes],
        day: dt.date,
        forbidden: Forbidden,
        changes: Mapping[str, str | None],
    ) -> list[Finding]:
        path = self._data / name
        files[name] = text.encode()
        try:
            found = Folder.read(self._data, files)
        except BadContent as error:
            return [_broken(bad.path, bad.line, bad.reason) for bad in error.problems]
        faq = found.content.faqs.get(path.stem)
        if faq is None or faq.path != path:
            return _refusals(path, text, found, day)
        # Ranked as it would be served; a moved one has no rivals that it did not have before.
        ranks = self._engine is not None and len(changes) == 1
        seen = self._engine.preview(changes) if ranks and self._engine else None
        return [*checking.check_one(found, faq.id, day, seen, forbidden), *_dangling(path, found)]


def _dangling(path: Path, folder: Folder) -> list[Finding]:
    """Warn of related FAQs that are gone; the draft is served all the same."""
    found = []
    for problem in folder.content.problems:
        if problem.path == path:
            why, fix = words.translate(problem.reason, problem.fix)
            values = {"why": why, "fix": fix}
            found.append(Finding(path, problem.line, "schema", "warning", "related", values))
    return found


def _refusals(path: Path, text: str, folder: Folder, day: dt.date) -> list[Finding]:
    """Say why search would not take the draft."""
    _, problems = read_faq(path, text, frozenset(folder.content.variables))
    mine = [problem for problem in folder.content.problems if problem.path == path]
    only = Folder(folder.data, folder.content, {path: text}, folder.places)
    found = [item for item in structure.check(only, day) if item.path == path]
    return found or [_broken(path, problem.line, problem.reason) for problem in (*problems, *mine)]


def _broken(path: Path, line: int, reason: str) -> Finding:
    why, fix = words.translate(reason, "")
    return Finding(path, line, "schema", "error", "file", {"why": why, "fix": fix})
