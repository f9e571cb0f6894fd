"""Many ES modules as one file, so that a phone far away asks once instead of fifty times.

Only what our own modules are written in is understood: imports and exports by name that begin a
line. Anything else is refused, so that a pack either means what its modules mean or is not made.
Lines that are remarks stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable

IMPORT = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";[ \t]*$', re.M)
FORWARD = re.compile(r'^export\s*\{([^}]*)\}\s*from\s*"([^"]+)";[ \t]*$', re.M)
LIST = re.compile(r"^export\s*\{([^}]*)\};[ \t]*$", re.M)
DECLARED = re.compile(r"^export\s+((?:async\s+)?function\*?|class|const)\s+(\w+)", re.M)
# comments that have lines to themselves: for who reads the modules, not for phones
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.M)
LEFT = re.compile(r"^(?:import\b(?!\s*[.(])|export\b).*$", re.M)


class Unpackable(ValueError):
    """A module is written in a way that a pack cannot hold."""


class Pack:
    """Modules, in the order in which they have to run.

    read: gives the text of a module by the address that imports name. outside: gives the address
    from which a pack loads a module that is not packed, or None for the others.
    """

    def __init__(
        self, read: Callable[[str], str], outside: Callable[[str], str | None] = lambda name: None
    ) -> None:
        self._read = read
        self._outside = outside
        self._names: dict[str, str] = {}  # by the modules' addresses
        self._under_way: list[str] = []
        self._heads: list[str] = []
        self._bodies: list[str] = []

    def text(self, entry: str) -> str:
        """Return the pack of a module and all that it imports; raises Unpackable."""
        name = self._add(entry)
        return "".join([*self._heads, *self._bodies, f"export default {name};\n"])

    def _add(self, module: str) -> str:
        if module in self._names:
            return self._names[module]
        address = self._outside(module)
        if address is not None:
            name = self._names[module] = f"$m{len(self._names)}"
            self._heads.append(f'import * as {name} from "{address}";\n')
            return name
        if module in self._under_way:
            raise Unpackable(f"{module} imports itself: {' → '.join(self._under_way)}")
        self._under_way.append(module)
        body, given = self._translate(module, self._read(module))
        self._under_way.pop()
        name = self._names[module] = f"$m{len(self._names)}"
        given_text = ", ".join(f"{name}: {value}" for name, value in given.items())
        self._bodies.append(
            f"// {module}\nconst {name} = (() => {{\n{body}\nreturn {{ {given_text} }};\n}})();\n"
        )
        return name

    def _translate(self, module: str, text: str) -> tuple[str, dict[str, str]]:
        """Return the body of a function that does what the module does, and what it gives."""
        given: dict[str, str] = {}

        def take(match: re.Match[str]) -> str:
            source = self._add(match[2])
            names = ", ".join(
                f"{name}: {local}" if name != local else name
                for name, local in _pairs(match[1] or "")
            )
            return f"const {{ {names} }} = {source};" if names else ""

        def forward(match: re.Match[str]) -> str:
            source = self._add(match[2])
            given.update({outer: f"{source}.{inner}" for inner, outer in _pairs(match[1])})
            return ""

        def listed(match: re.Match[str]) -> str:
            given.update({outer: inner for inner, outer in _pairs(match[1])})
            return ""

        def declare(match: re.Match[str]) -> str:
            given[match[2]] = match[2]
            return f"{match[1]} {match[2]}"

        text = _without_comments(text)
        for pattern, replace in (
            (IMPORT, take), (FORWARD, forward), (LIST, listed), (DECLARED, declare),
        ):  # fmt: skip
            text = pattern.sub(replace, text)
        if left := LEFT.search(text):
            raise Unpackable(f"{module}: cannot be packed: {left[0]}")
        return text.rstrip(), given


def _without_comments(text: str) -> str:
    """Leave out what is comment alone; a module with a text over several lines keeps all."""
    if any(line.count("`") % 2 for line in text.split("\n")):
        return text
    return COMMENT.sub("", text)


def _pairs(names: str) -> list[tuple[str, str]]:
    """Read `a, b as c`: each name with the one that it gets."""
    found = []
    for part in filter(None, map(str.strip, names.split(","))):
        first, _, second = part.partition(" as ")
        found.append((first.strip(), second.strip() or first.strip()))
    return found
