"""Rules on guided flows: files that cannot be read, what is not there, asks, where ways lead."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from faq import statements, words
from faq.findings import Finding
from faq.folder import Folder
from flows import walking
from flows.flow import EXPECTS, Flow, Step
from flows.reading import read_flow, read_steps
from search.content import Content
from search.documents import VARIABLE
from search.errors import BadContent, Problem
from search.files import Unreadable, list_flows, read_file
from web.desk.forbidden import Forbidden

FOLDER = "flows"
STEPS = "steps.yml"
# What customers tell unasked, so that a question for it has to be left out when it is known.
FACTS = tuple(kind for kind in EXPECTS if kind != "free")


def problems(data: Path) -> Iterator[Problem]:
    """Say what keeps the folder's flows from going live."""
    yield from _read(data)[1]


def readable(data: Path) -> list[Flow]:
    """Read the folder's flows; those that cannot be read are left out."""
    return _read(data)[0][1]


def check(folder: Folder) -> Iterator[Finding]:
    """Check every flow that can be read against the rest of the content."""
    steps, flows = _read(folder.data)[0]
    rules = _Rules(
        folder.data, folder.content, statements.forbidden_asks(folder.data), steps,
        list_flows(folder.data),
    )  # fmt: skip
    yield from rules.shared()
    for flow in flows:
        path = folder.data / FOLDER / f"{flow.name}.yml"
        yield from rules.flow(flow, path.read_text(encoding="utf-8"))


def judge(
    data: Path, content: Content, name: str, text: str, forbidden: Forbidden | None
) -> list[Finding]:
    """Check the text of a flow, or of the steps that several ask, as if it stood in the folder.

    name: its path below the folder. A bad file is told by findings, too.
    """
    path = data / name
    try:
        if name == STEPS:
            return _judged_steps(data, content, text, forbidden)
        shared = _read(data)[0][0]
        flow = read_flow(path, text.encode(), shared)
    except BadContent as error:
        return [_told(problem) for problem in error.problems]
    names = list_flows(data) | {path.stem}
    rules = _Rules(data, content, forbidden, shared, names)
    return list(rules.flow(flow, text))


def _judged_steps(
    data: Path, content: Content, text: str, forbidden: Forbidden | None
) -> list[Finding]:
    """Check the shared steps, and that every flow that asks one of them still can be read."""
    steps = read_steps(data / STEPS, text.encode())
    names = list_flows(data)
    rules = _Rules(data, content, forbidden, steps, names)
    found = list(rules.shared())
    for name in sorted(names):
        path = data / FOLDER / f"{name}.yml"
        try:
            read_flow(path, read_file(path), steps)
        except (BadContent, FileNotFoundError, Unreadable) as error:
            for problem in error.problems if isinstance(error, BadContent) else ():
                told = _told(problem)
                values = {"name": name, "why": told.values["why"], "fix": told.values["fix"]}
                found.append(Finding(data / STEPS, 1, "steps-flow", "error", "file", values))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Rules:
    """The rules on a flow that can be read. names: of all flows."""

    data: Path
    content: Content
    forbidden: Forbidden | None
    steps: Mapping[str, Step]
    names: Collection[str]

    def shared(self) -> Iterator[Finding]:
        path = self.data / STEPS
        for step in self.steps.values():
            yield from self._said(path, step.line, _texts(step))

    def flow(self, flow: Flow, text: str) -> Iterator[Finding]:
        path = self.data / FOLDER / f"{flow.name}.yml"
        for faq in sorted(flow.faqs):
            if self.content.find(faq) is None:
                yield _finding(path, _line(text, faq), "flow-faq", text=faq)
        for name in sorted(flow.links - set(self.names)):
            yield _finding(path, _line(text, name), "flow-link", text=name)
        if flow.name not in {faq.flow for faq in self.content.faqs.values()}:
            values = {"text": flow.faq, "name": flow.name}
            yield Finding(path, 1, "flow-unstarted", "warning", "file", values)
        yield from self._said(path, 1, [flow.title, *flow.responses.values()])
        for step in flow.steps:
            own = self.steps.get(step.slot)
            if own is None or own.utter != step.utter or own.buttons != step.buttons:
                yield from self._said(path, step.line, _texts(step))
            yield from _known(path, step)
        yield from _ways(path, flow)

    def _said(self, path: Path, line: int, texts: list[str]) -> Iterator[Finding]:
        """Find what nobody may be asked for, and variables that are not there."""
        known = self.content.variables
        for text in texts:
            for match in VARIABLE.finditer(text):
                if match[1] not in known:
                    yield _finding(path, line, "flow-variable", text=match[1])
            said = VARIABLE.sub("", text)
            for ask in self.forbidden.find(said) if self.forbidden is not None else ():
                secret = words.say(f"secrets.{ask.kind}")
                yield _finding(path, line, "forbidden-ask", text=ask.clause, secret=secret)


def _known(path: Path, step: Step) -> Iterator[Finding]:
    """Find a question for what the customer may have told already, which is asked all the same."""
    if step.slot in FACTS or not step.expects:
        return
    asked = [kind for kind, said in words.table("told").items() if _asks(step.utter, said)]
    for kind in dict.fromkeys([*([step.expects] if step.expects in FACTS else []), *asked]):
        if not any(kind in names for names in step.known_by):
            values = {"text": step.utter, "fact": words.name("facts", kind), "name": kind}
            yield Finding(path, step.line, "flow-known", "warning", "file", values)


def _asks(text: str, said: list[str]) -> bool:
    return any(one in text for one in said)


def _ways(path: Path, flow: Flow) -> Iterator[Finding]:
    """Find where the ways through a flow go wrong."""
    found = walking.ways(flow)
    for step in found.never:
        yield Finding(path, step.line, "flow-never", "warning", "file", {"text": step.utter})
    for step in found.stuck:
        yield _finding(path, step.line, "flow-stuck", text=step.utter)
    for step, value in found.rounds:
        title = (*step.choice(value).titles, value)[0]
        values = {"text": title, "question": step.utter}
        yield Finding(path, step.line, "flow-round", "warning", "file", values)
    if not found.whole:
        yield Finding(path, 1, "flow-large", "warning", "file", {"most": walking.MOST})


def _read(data: Path) -> tuple[tuple[dict[str, Step], list[Flow]], list[Problem]]:
    found: list[Problem] = []
    steps: dict[str, Step] = {}
    flows: list[Flow] = []
    shared = b""
    try:
        shared = read_file(data / STEPS)
        steps = dict(_steps(data / STEPS, shared))
    except FileNotFoundError:
        pass  # no two flows ask the same
    except Unreadable as error:
        found.append(Problem(data / STEPS, 1, error.reason, error.fix))
    except BadContent as error:
        found += error.problems
        shared = b""
    for name in sorted(list_flows(data)):
        path = data / FOLDER / f"{name}.yml"
        try:
            flows.append(_flow(path, read_file(path), data / STEPS, shared))
        except FileNotFoundError:
            if path.is_symlink():
                found.append(Problem(path, 1, "a link that leads nowhere", "put the file there"))
        except Unreadable as error:
            found.append(Problem(path, 1, error.reason, error.fix))
        except BadContent as error:
            found += error.problems
    return (steps, flows), found


# Web looks every two seconds; what is bad raises, and is read each time.
@lru_cache(maxsize=8)
def _steps(path: Path, raw: bytes) -> dict[str, Step]:
    return read_steps(path, raw)


@lru_cache(maxsize=64)
def _flow(path: Path, raw: bytes, steps: Path, shared: bytes) -> Flow:
    """Read a flow; shared: the steps that several ask, as their file has them, empty for none."""
    return read_flow(path, raw, dict(_steps(steps, shared)) if shared else {})


def _texts(step: Step) -> list[str]:
    """List what a step says to customers."""
    said = [choice.utter for choice in step.choices.values() if choice.utter]
    return [step.utter, *(button.title for button in step.buttons), *said]


def _line(text: str, word: str) -> int:
    """Return the first line that holds a word."""
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if word in line.split("#")[0]), 1)


def _finding(path: Path, line: int, rule: str, **values: str) -> Finding:
    return Finding(path, line, rule, "error", "file", dict(values))


def _told(problem: Problem) -> Finding:
    why, fix = words.translate(problem.reason, problem.fix)
    values = {"why": why, "fix": fix}
    return Finding(problem.path, problem.line, "schema", "error", "file", values)
