"""Which faults a file can have, each a replacement of a few bytes.

Only the bodies of functions are changed: most of what stands outside them declares tables, where a
change is either seen at once or means nothing.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise

COMPARED = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is": "is not", "is not": "is", "in": "not in", "not in": "in",
}  # fmt: skip
COUNTED = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*"}
OPERATOR = re.compile(rb"\*\*|is\s+not|not\s+in|[<>=!]=|//|[<>+*/%-]|\b(?:is|in|and|or)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """A change of a file: its bytes from start to end become others.

    function: the line at which the innermost function around it begins, decorators included.
    """

    path: str
    start: int
    end: int
    becomes: str
    line: int
    function: int

    def put_into(self, raw: bytes) -> bytes:
        """Return the file with the fault."""
        return raw[: self.start] + self.becomes.encode() + raw[self.end :]

    def told(self, raw: bytes) -> tuple[str, str]:
        """Return the line before and after, without what it is indented by."""
        return _line(raw, self.start), _line(self.put_into(raw), self.start)


def faults(path: str, raw: bytes) -> list[Fault]:
    """List all faults of a Python file, in order."""
    found = _Walk(path, raw)
    found.visit(ast.parse(raw))
    return sorted(set(found.faults))


def _line(raw: bytes, at: int) -> str:
    begin = raw.rfind(b"\n", 0, at) + 1
    end = raw.find(b"\n", at)
    return raw[begin : end if end >= 0 else len(raw)].decode().strip()


class _Walk(ast.NodeVisitor):
    def __init__(self, path: str, raw: bytes) -> None:
        self.faults: list[Fault] = []
        self._path, self._raw = path, raw
        self._begins = [0]
        for line in raw.splitlines(keepends=True):
            self._begins.append(self._begins[-1] + len(line))
        self._functions: list[int] = []

    def visit_FunctionDef(self, node: Function) -> None:
        """Look into a body, not at its signature and decorators."""
        lines = [node.lineno, *(one.lineno for one in node.decorator_list)]
        self._functions.append(min(lines))
        for statement in node.body:
            self.visit(statement)
        self._functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Leave the type out."""
        if node.value is not None:
            self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Turn a comparison round, or move its edge."""
        for one, other in pairwise((node.left, *node.comparators)):
            self._operator(one, other, COMPARED)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Take one for both, or both for one."""
        for one, other in pairwise(node.values):
            self._operator(one, other, {"and": "or", "or": "and"})
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Count the other way; texts are left alone, since that could only crash."""
        if not any(_is_text(one) for one in (node.left, node.right)):
            self._operator(node.left, node.right, COUNTED)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Count the other way."""
        if not _is_text(node.value):
            self._operator(node.target, node.value, COUNTED)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Forget a not."""
        if isinstance(node.op, ast.Not):
            self._add(node, self._text(node.operand))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Change a number by one, a truth into its opposite."""
        if isinstance(node.value, bool):
            self._add(node, str(not node.value))
        elif isinstance(node.value, (int, float)):
            self._add(node, repr(node.value + 1))

    def visit_Return(self, node: ast.Return) -> None:
        """Return nothing."""
        told = isinstance(node.value, (ast.Compare, ast.BoolOp, ast.Constant))
        if node.value is not None and not told:
            self._add(node.value, "None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Leave a call out; what is logged is nobody's outcome."""
        if isinstance(node.value, ast.Call) and not self._text(node).startswith(("log.", "super")):
            self._add(node, "pass")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """Do it when it should not be done."""
        self._turn(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Take the other value."""
        self._turn(node.test)
        self.generic_visit(node)

    def _turn(self, test: ast.expr) -> None:
        if not isinstance(test, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant)):
            self._add(test, f"(not ({self._text(test)}))")

    def _operator(self, one: ast.expr, other: ast.expr, becomes: dict[str, str]) -> None:
        begin, end = self._span(one)[1], self._span(other)[0]
        match = OPERATOR.search(self._raw, begin, end)
        name = b" ".join(match[0].split()).decode() if match else ""
        if match and self._functions and name in becomes:
            self._keep(match.start(), match.end(), becomes[name], one.lineno)

    def _add(self, node: ast.expr | ast.stmt, becomes: str) -> None:
        if self._functions:
            self._keep(*self._span(node), becomes, node.lineno)

    def _keep(self, start: int, end: int, becomes: str, line: int) -> None:
        if self._raw[start:end] != becomes.encode():
            self.faults.append(Fault(self._path, start, end, becomes, line, self._functions[-1]))

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self._begins[node.lineno - 1] + node.col_offset
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return start, self._begins[end_line - 1] + end_column

    def _text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self._span(node)
        return self._raw[start:end].decode()


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes))
    return isinstance(node, (ast.JoinedStr, ast.List, ast.Tuple, ast.Dict))
