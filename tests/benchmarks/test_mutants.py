"""The faults that are put into the code: each changes one thing, and all can be parsed."""

from __future__ import annotations

import ast

import pytest

from benchmarks.mutants.__main__ import sample
from benchmarks.mutants.areas import AREAS
from benchmarks.mutants.entered import entered
from benchmarks.mutants.faults import faults
from benchmarks.mutants.watched import marked

CODE = '''
LIMIT = 3  # outside a function: left alone


def place(queue, one, *, most=4):
    """Say where somebody stands."""
    if not queue or one in queue[:most]:
        return 0
    queue.append(one)
    found = len(queue) - 1 if most else LIMIT
    return found


def name(one): return "访客" + one
'''


def changed(code: str) -> set[tuple[str, str]]:
    raw = code.encode()
    return {fault.told(raw) for fault in faults("a.py", raw)}


def test_every_kind_of_fault_is_made_once_and_nothing_outside_a_function() -> None:
    first, last = (
        "if not queue or one in queue[:most]:",
        "found = len(queue) - 1 if most else LIMIT",
    )
    assert changed(CODE) == {
        (first, "if queue or one in queue[:most]:"),
        (first, "if not queue and one in queue[:most]:"),
        (first, "if not queue or one not in queue[:most]:"),
        ("return 0", "return 1"),
        ("queue.append(one)", "pass"),
        (last, "found = len(queue) + 1 if most else LIMIT"),
        (last, "found = len(queue) - 2 if most else LIMIT"),
        (last, "found = len(queue) - 1 if (not (most)) else LIMIT"),
        ("return found", "return None"),
        ('def name(one): return "访客" + one', "def name(one): return None"),
    }


def test_a_power_is_no_product() -> None:
    assert changed("def f(n): return (2 ** n)") == {
        ("def f(n): return (2 ** n)", "def f(n): return (3 ** n)"),
        ("def f(n): return (2 ** n)", "def f(n): return (None)"),
    }


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.path)
def test_every_fault_of_the_code_can_be_parsed_and_the_sample_is_drawn_by_its_seed(area) -> None:
    drawn = [fault for _, fault in sample([area], 30, seed=7)]
    assert drawn == [fault for _, fault in sample([area], 30, seed=7)]
    assert drawn != [fault for _, fault in sample([area], 30, seed=8)]
    assert len(drawn) == 30
    raw = {path.as_posix(): path.read_bytes() for path in area.files()}
    for fault in drawn:
        text = next(text for name, text in raw.items() if name.endswith(f"/{fault.path}"))
        assert ast.dump(ast.parse(fault.put_into(text))) != ast.dump(ast.parse(text)), fault


def test_a_marked_file_does_what_it_did_and_says_which_functions_were_entered() -> None:
    space: dict[str, object] = {}
    exec(compile(marked("a.py", CODE.encode()), "a.py", "exec"), space)
    entered.clear()
    assert space["name"]("小林") == "访客小林"  # type: ignore[operator]
    assert entered == {("a.py", 14)}
    assert space["place"](["阿杰"], "小林") == 1  # type: ignore[operator]
    assert entered == {("a.py", 5), ("a.py", 14)}
