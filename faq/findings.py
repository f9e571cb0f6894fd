"""A finding: what is wrong where, and how to fix it, in the words of words.yml."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from faq import words

Severity = Literal["error", "warning"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    rule: its name in words.yml. field: the field of the file that it is about. values: what the
    words name. fixable: whether `faq check --fix` fixes it.
    """

    path: Path
    line: int
    rule: str
    severity: Severity
    field: str = "answer"
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    fixable: bool = False

    @property
    def why(self) -> str:
        """Say what is wrong."""
        return words.say(f"rules.{self.rule}.why", **self.values)

    @property
    def fix(self) -> str:
        """Say how to fix it."""
        return words.say(f"rules.{self.rule}.fix", **self.values)

    def __str__(self) -> str:
        level = words.say(f"levels.{self.severity}")
        fix = words.say("fixable") if self.fixable else ""
        return f"{self.path}:{self.line}: {level}: {self.why} → {self.fix}{fix} [{self.rule}]"

    def as_json(self) -> dict[str, Any]:
        """Show the finding to programs."""
        return {
            "path": str(self.path),
            "line": self.line,
            "rule": self.rule,
            "severity": self.severity,
            "field": self.field,
            "why": self.why,
            "fix": self.fix,
            "fixable": self.fixable,
        }


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file and line, errors of a line first; drop repeats."""
    once = {(item.path, item.line, item.rule, item.why): item for item in found}
    return sorted(once.values(), key=lambda item: (str(item.path), item.line, item.severity))


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep content from passing."""
    return [item for item in found if item.severity == "error"]
