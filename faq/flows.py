"""Rules on guided flows: files that cannot be read, FAQs and flows that are not there, asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from faq import statements, words
from faq.findings import Finding
from faq.folder import Folder
from flows.flow import Flow, Step
from flows.reading import read_flow, read_steps
from search.documents import VARIABLE
from search.errors import BadContent, Problem
from search.files import Unreadable, list_flows, read_file
from web.desk.forbidden import Forbidden

FOLDER = "flows"
STEPS = "steps.yml"


def problems(data: Path) -> Iterator[Problem]:
    """Say what keeps the folder's flows from going live."""
    yield from _read(data)[1]


def check(folder: Folder) -> Iterator[Finding]:
    """Check every flow that can be read against the rest of the content."""
    steps, flows = _read(folder.data)[0]
    forbidden = statements.forbidden_asks(folder.data)
    started = {faq.flow for faq in folder.content.faqs.values()}
    names = list_flows(folder.data)
    shared = folder.data / STEPS
    for step in steps.values():
        yield from _said(folder, shared, step.line, _texts(step), forbidden)
    for flow in flows:
        path = folder.data / FOLDER / f"{flow.name}.yml"
        for faq in sorted(flow.faqs):
            if folder.content.find(faq) is None:
                yield _finding(path, _line(path, faq), "flow-faq", text=faq)
        for name in sorted(flow.links - names):
            yield _finding(path, _line(path, name), "flow-link", text=name)
        if flow.name not in started:
            values = {"text": flow.faq, "name": flow.name}
            yield Finding(path, 1, "flow-unstarted", "warning", "file", values)
        yield from _said(folder, path, 1, [flow.title, *flow.responses.values()], forbidden)
        for step in flow.steps:
            own = steps.get(step.slot)
            if own is None or own.utter != step.utter or own.buttons != step.buttons:
                yield from _said(folder, path, step.line, _texts(step), forbidden)


def _read(data: Path) -> tuple[tuple[dict[str, Step], list[Flow]], list[Problem]]:
    found: list[Problem] = []
    steps: dict[str, Step] = {}
    flows: list[Flow] = []
    try:
        steps = read_steps(data / STEPS, read_file(data / STEPS))
    except FileNotFoundError:
        pass  # no two flows ask the same
    except Unreadable as error:
        found.append(Problem(data / STEPS, 1, error.reason, error.mend))
    except BadContent as error:
        found += error.problems
    for name in sorted(list_flows(data)):
        path = data / FOLDER / f"{name}.yml"
        try:
            flows.append(read_flow(path, read_file(path), steps))
        except FileNotFoundError:
            if path.is_symlink():
                found.append(Problem(path, 1, "a link that leads nowhere", "put the file there"))
        except Unreadable as error:
            found.append(Problem(path, 1, error.reason, error.mend))
        except BadContent as error:
            found += error.problems
    return (steps, flows), found


def _said(
    folder: Folder, path: Path, line: int, texts: list[str], forbidden: Forbidden | None
) -> Iterator[Finding]:
    """Find what nobody may be asked for, and variables that are not there."""
    known = folder.content.variables
    for text in texts:
        for match in VARIABLE.finditer(text):
            if match[1] not in known:
                yield _finding(path, line, "flow-variable", text=match[1])
        for ask in forbidden.find(VARIABLE.sub("", text)) if forbidden is not None else ():
            secret = words.say(f"secrets.{ask.kind}")
            yield _finding(path, line, "forbidden-ask", text=ask.clause, secret=secret)


def _texts(step: Step) -> list[str]:
    """List what a step says to customers."""
    said = [choice.utter for choice in step.choices.values() if choice.utter]
    return [step.utter, *(button.title for button in step.buttons), *said]


def _line(path: Path, text: str) -> int:
    """Return the first line that holds a word."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line.split("#")[0]), 1)


def _finding(path: Path, line: int, rule: str, **values: str) -> Finding:
    return Finding(path, line, rule, "error", "file", dict(values))
