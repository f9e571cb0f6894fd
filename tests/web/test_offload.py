"""Blocking work goes beside the server's loop, within a budget; nothing in web stops the loop."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.offload import Overloaded, Threads, offload

ROOT = Path(__file__).resolve().parents[2]
SERVED = """
from gevent import monkey
monkey.patch_all()
import gevent
from web.offload import Overloaded, Threads

wait = monkey.get_original("time", "sleep")  # what blocks a whole thread of the system
threads = Threads(1, 1)
ticks = []


def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0.01)


def work():
    wait(0.5)
    return threads.run(lambda: "done")  # from within a pool's thread: at once


ticking = gevent.spawn(tick)
running = [gevent.spawn(threads.run, work) for _ in range(3)]
gevent.joinall(running)
ticking.kill()
print([one.value for one in running], [type(one.exception).__name__ for one in running])
print("answered meanwhile" if len(ticks) > 20 else f"stood still: {len(ticks)}")
"""


def test_the_loop_goes_on_and_what_is_too_much_is_refused() -> None:
    command = [sys.executable, "-W", "ignore", "-c", SERVED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [
        "['done', 'done', None] ['NoneType', 'NoneType', 'Overloaded']",
        "answered meanwhile",
    ], done.stderr


def test_without_a_loop_work_runs_at_once() -> None:
    assert Threads(1, 0).run(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        offload(lambda: 1 / 0)


def test_too_much_work_is_told_with_when_to_come_again(app) -> None:
    def refuse() -> None:
        raise Overloaded("full")

    app.add_url_rule("/api/v1/full", view_func=refuse)
    answer = app.test_client().get("/api/v1/full")
    assert answer.status_code == 503
    assert answer.json["type"].endswith("unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def calls(path: Path) -> Iterator[tuple[int, str, ast.Call, bool]]:
    """Yield (line, name, call, whether it stands in a lambda) of every call in a file."""

    def walk(node: ast.AST, aside: bool) -> Iterator[tuple[int, str, ast.Call, bool]]:
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node, aside
        for child in ast.iter_child_nodes(node):
            yield from walk(child, aside or isinstance(node, ast.Lambda))

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), False)


def test_no_request_waits_for_a_lock_of_the_system_or_computes_in_the_loop() -> None:
    wrong = []
    # The migrations run before the server listens.
    sources = [path for path in (ROOT / "web").rglob("*.py") if "migrations" not in path.parts]
    for path in [*sources, ROOT / "faq" / "store.py", ROOT / "faq" / "history.py"]:
        for line, name, call, aside in calls(path):
            where = f"{path.relative_to(ROOT)}:{line}: {name}"
            if name.endswith("flock") and "LOCK_NB" not in ast.unparse(call):
                wrong.append(f"{where} waits in the system: ask with LOCK_NB, again and again")
            apart = path.name == "decoder.py"  # a process of its own
            if name.endswith(("remake", "_matches", "_packed")) and not (aside or apart):
                wrong.append(f"{where} computes in the loop: give it to web.offload")
            if name == "os.system" or name.endswith(("os.popen", "os.waitpid")):
                wrong.append(f"{where} waits in the system: use subprocess, which gevent knows")
            limited = "timeout" in {word.arg for word in call.keywords}
            if name == "subprocess.run" and not limited:
                wrong.append(f"{where} has no timeout")
    assert wrong == []
