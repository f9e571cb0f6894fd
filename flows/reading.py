"""Reads a flow's file, with the line of every mistake."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from flows import paths
from flows.flow import RESERVED, RESULTS, Cause, Flow, Step
from flows.lines import Lined, load
from flows.stepping import StepReader
from search.reasons import because

KEYS = ("name", "desk", "description", "faq", "causes", "hasty", "responses", "steps")
ENDING = ("action", "link")
MOST_STEPS = 40
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# Words that an action of BEFORE says, by its name.
SAYS: Mapping[str, tuple[str, ...]] = {"announcements": ("no_notice",)}


def read_steps(path: Path, raw: bytes) -> dict[str, Step]:
    """Read the steps that several flows ask: slot → step; raises BadContent."""
    reader = StepReader(path)
    found = load(path, raw)
    steps = {}
    for slot, body in found.items():
        if not isinstance(body, Lined):
            reader.bad(found.at(slot), because("no-mapping", field=slot), "write `name: …` lines")
            continue
        steps[slot] = reader.step(slot, body)
    reader.done()
    return steps


def read_flow(path: Path, raw: bytes, shared: Mapping[str, Step], salt: bytes = b"") -> Flow:
    """Read one flow; raises BadContent with every problem found.

    shared: the steps that a flow may name by their slot alone. salt: what they were read from,
    so that the version changes with it.
    """
    reader = _FlowReader(path, shared)
    flow = reader.flow(load(path, raw), hashlib.sha256(salt + b"\0" + raw).hexdigest()[:12])
    reader.done()
    return flow


class _FlowReader(StepReader):
    def __init__(self, path: Path, shared: Mapping[str, Step]) -> None:
        super().__init__(path)
        self._shared = shared

    def flow(self, found: Lined, version: str) -> Flow:
        name = self.path.stem
        if not NAME.fullmatch(name) or name in RESERVED:
            self.bad(1, because("flow-name", name=name), "use a-z, 0-9 and _, no word in use")
        self.known(found, KEYS)
        title = self.words(found, "name", required=True)
        steps, finish = self._steps(found)
        hasty = found.get("hasty", False)
        if not isinstance(hasty, bool):
            self.bad(
                found.at("hasty"),
                because("not-allowed", field="hasty", value=hasty),
                "write true or false",
            )
        flow = Flow(
            name,
            title,
            self.words(found, "desk") or title,
            self.words(found, "faq", required=True),
            steps,
            finish,
            self._causes(found, steps),
            bool(hasty),
            self._responses(found),
            version,
        )
        if not self.problems:
            self._whole(flow, found)
        return flow

    def _steps(self, found: Lined) -> tuple[tuple[Step, ...], str]:
        listed = found.get("steps")
        if not isinstance(listed, list) or not listed:
            self.bad(
                found.at("steps"),
                because("no-list", field="steps"),
                "write one `- collect: …` per step",
            )
            return (), ""
        if len(listed) > MOST_STEPS:
            self.bad(
                found.at("steps"),
                because("too-many-steps", count=len(listed)),
                f"keep at most {MOST_STEPS}",
            )
        steps: list[Step] = []
        finish = ""
        for place, item in enumerate(listed):
            last = place + 1 == len(listed)
            if not isinstance(item, Lined):
                self.bad(found.at("steps"), because("step-no-mapping"), "write `- collect: name`")
            elif "collect" in item:
                step = self._collect(item)
                if step.slot in {one.slot for one in steps}:
                    self.bad(
                        item.line, because("asked-twice", step=step.slot), "keep one of the steps"
                    )
                steps.append(step)
                if last:
                    reason = because("leads-nowhere")
                    self.bad(item.line, reason, "end the flow with `- action: human` or another")
            elif not last:
                self.bad(item.line, because("collects-nothing"), "write `collect: name`")
            else:
                self.known(item, ENDING)
                finish = self.end(item) or ""
                if not finish:
                    self.bad(item.line, because("leads-nowhere"), "write action or link")
        return tuple(steps), finish

    def _collect(self, item: Lined) -> Step:
        slot = item["collect"]
        if not isinstance(slot, str) or not NAME.fullmatch(slot):
            self.bad(item.at("collect"), because("bad-collect", value=slot), "use a-z, 0-9 and _")
            return Step("", line=item.line)
        body = Lined(item.line)
        body.update({key: value for key, value in item.items() if key != "collect"})
        body.lines = dict(item.lines)
        return self.step(slot, body, self._shared.get(slot))

    def _causes(self, found: Lined, steps: Collection[Step]) -> dict[str, Cause]:
        causes = found.get("causes")
        if causes is None:
            return {}
        if not isinstance(causes, Lined):
            self.bad(
                found.at("causes"),
                because("flow-no-mapping", field="causes"),
                "write `faq-id: {step: value}`",
            )
            return {}
        known = {step.slot: step for step in steps}
        read: dict[str, Cause] = {}
        for faq, says in causes.items():
            line = causes.at(faq)
            slots = [key for key in says if key != "next"] if isinstance(says, Lined) else []
            if len(slots) != 1:
                self.bad(line, because("cause-no-step", faq=faq), "write `{step: value}`")
                continue
            step, value = known.get(slots[0]), self.words(says, slots[0], required=True)
            leads = self.words(says, "next") or None
            if step is None:
                self.bad(line, because("unknown-step", step=slots[0]), self.one_of(known))
            elif value not in step.choices and not (step.tried and value in RESULTS):
                self.bad(
                    line,
                    because("no-value", step=step.slot, value=value),
                    self.one_of(step.choices),
                )
            elif leads is not None and leads not in known:
                self.bad(line, because("leads-to-none", name=faq, to=leads), self.one_of(known))
            else:
                read[faq] = Cause(step.slot, value, leads)
        return read

    def _responses(self, found: Lined) -> dict[str, str]:
        responses = found.get("responses")
        if responses is None:
            return {}
        if not isinstance(responses, Lined):
            self.bad(
                found.at("responses"),
                because("flow-no-mapping", field="responses"),
                "write `name: text` lines",
            )
            return {}
        return {name: self.words(responses, name, required=True) for name in responses}

    def _whole(self, flow: Flow, found: Lined) -> None:
        """Check what shows only when all steps are known."""
        slots = {step.slot for step in flow.steps}
        used: set[str] = set()
        for step in flow.steps:
            for value, choice in step.choices.items():
                if choice.next is not None and choice.next not in slots:
                    reason = because("leads-to-none", name=value, to=choice.next)
                    self.bad(step.line, reason, self.one_of(sorted(slots)))
            used |= set(SAYS.get(step.before or "", ()))
        for name in sorted(used - set(flow.responses)):
            self.bad(found.at("responses"), because("words-missing", name=name), f"add `{name}:`")
        for name in sorted(set(flow.responses) - used):
            self.bad(found.at("responses"), because("words-unused", name=name), "leave them out")
        if flow.name in flow.links:
            self.bad(1, because("links-itself"), "name another flow")
        if not self.problems:
            for step in paths.unreached(flow):
                reason = because("unreached", step=step.slot)
                self.bad(step.line, reason, "name it as the `next` of a button, or drop it")
            for step in paths.dead_ends(flow):
                reason = because("dead-end", step=step.slot)
                self.bad(step.line, reason, "let one answer go on, or give it an action")
