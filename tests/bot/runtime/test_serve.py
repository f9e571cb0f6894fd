"""The bot as a process: ready, discreet, stopped, started again."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.bot.runtime.conftest import ACTIONS, ROOT, environment

DEADLINE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def say(port, text, **headers):
    body = json.dumps({"sender": "小林", "message": text})
    return request(port, "POST", "/webhooks/rest/webhook", body.encode(), headers)


@contextmanager
def serving(models, var, **env):
    port = free_port()
    log = (var / "log").open("a+")
    command = [sys.executable, "-m", "bot.runtime.serve", "--actions", ACTIONS,
               "--port", str(port), "--model", str(models)]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(XIAOHU_VAR=str(var), **env), stdout=log, stderr=log
    )
    try:
        until = time.monotonic() + DEADLINE
        while True:
            assert process.poll() is None, (var / "log").read_text()
            assert time.monotonic() < until, "not ready in time"
            try:
                if request(port, "GET", "/readyz")[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        yield port, process
    finally:
        process.terminate()
        process.wait(DEADLINE)
        log.close()


def test_a_restart_keeps_conversations_and_no_text_reaches_the_log(models, tmp_path):
    with serving(models, tmp_path) as (port, process):
        assert say(port, "记住 退款")[1][0]["text"] == "记住了：退款"
        say(port, "出错 我的密码是红狐")
        say(port, "推辞 我的密码是红狐")
        say(port, '/remember{"红狐')
        say(port, '/红狐{"红狐": "红狐"}')
        request(port, "POST", "/webhooks/rest/webhook", '{"红狐"'.encode())
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0
    with serving(models, tmp_path) as (port, process):
        assert say(port, "想起")[1][0]["text"] == "退款"
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)
    with serving(models, tmp_path) as (port, process):
        assert say(port, "想起")[1][0]["text"] == "退款"
        process.terminate()
        assert process.wait(DEADLINE) == 0
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "红狐" not in log
    assert "\\u7ea2" not in log
    assert log.count("INFO bot.runtime ready on http://127.0.0.1:") == 3
    assert "ERROR bot.runtime.executor action action_fail failed" in log
    assert "ValueError in remembering.py:" in log


def test_the_secret_of_the_environment_is_asked_for(models, tmp_path):
    with serving(models, tmp_path, XIAOHU_BOT_SECRET="fox") as (port, _):
        assert say(port, "想起")[0] == 401
        assert say(port, "想起", Authorization="Bearer fox")[0] == 200
        assert request(port, "GET", "/probe")[0] == 401
        headers = {"Authorization": "Bearer fox"}
        assert request(port, "GET", "/probe", headers=headers)[0] == 200
        remembered = sqlite3.connect(tmp_path / "bot" / "tracker.db")
        remembered.execute("DROP TABLE replies")
        assert request(port, "GET", "/probe", headers=headers)[0] == 500


def test_without_a_model_it_ends_with_a_sentence(tmp_path):
    command = [sys.executable, "-m", "bot.runtime.serve", "--model", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no model in" in done.stderr
    assert "Traceback" not in done.stderr
