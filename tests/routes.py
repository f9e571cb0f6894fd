"""What builds the addresses of the routes, compiled once a process.

Each app of the tests has the same 270 routes, and compiling them costs twice as much as all else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from flask import Flask
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class Once(Rule):
    """A route that takes the builder of an equal one."""

    compiled: ClassVar[dict[object, Builder]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        where = (self.host, self.subdomain, self.rule, self.merge_slashes)
        key = (*where, repr(self.defaults), append_unknown)
        if key not in self.compiled:
            self.compiled[key] = super()._compile_builder(append_unknown)
        return self.compiled[key]


def compile_once() -> None:
    """Have the apps of this process do so."""
    Flask.url_rule_class = Once
