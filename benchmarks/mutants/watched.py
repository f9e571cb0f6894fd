"""A file with a mark at the beginning of each of its functions, to see which tests enter which.

Marks rather than tracing: sys.settrace, all that Python 3.10 has, made the tests ten times as slow.
"""

from __future__ import annotations

import ast

MARK = (
    '__import__("benchmarks.mutants.entered", fromlist=["entered"]).entered.add(("{path}", {line}))'
)


def marked(path: str, raw: bytes) -> bytes:
    """Return the file with its marks; what it does otherwise stays."""
    lines = raw.splitlines(keepends=True)
    for node in reversed(list(ast.walk(ast.parse(raw)))):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        mark = MARK.format(path=path, line=first).encode()
        at = node.body[0]
        if at.lineno == (node.body[0].end_lineno or 0) == node.lineno:
            lines[at.lineno - 1] = _within(lines[at.lineno - 1], at.col_offset, mark)
            continue
        if isinstance(at, ast.Expr) and isinstance(at.value, ast.Constant) and len(node.body) > 1:
            at = node.body[1]  # below the docstring
        elif isinstance(at, ast.Expr) and isinstance(at.value, ast.Constant):
            continue  # nothing but a docstring
        top = min([at.lineno, *(one.lineno for one in getattr(at, "decorator_list", []))])
        indent = b" " * at.col_offset
        lines[top - 1] = indent + mark + b"\n" + lines[top - 1]
    return b"".join(lines)


def _within(line: bytes, column: int, mark: bytes) -> bytes:
    return line[:column] + mark + b"; " + line[column:]
