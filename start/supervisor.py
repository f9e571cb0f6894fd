"""`make run`: build, train, then web and bot side by side until Ctrl-C."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from start.environments import BOT, ROOT, WEB, SetupError, ensure, python, say

READY_SECONDS = 90
STOP_SECONDS = 10
# A process that dies is started again after so many seconds, each time twice as many.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Service:
    """One child process that is kept running."""

    def __init__(self, name, command, env, ready):
        self.name = name
        self.command = command
        self.env = env
        self.ready_url = ready
        self.pause = FIRST_PAUSE
        self.process = None
        self.again_at = None

    def start(self):
        """Start the process in a group of its own, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(
            self.command, env=self.env, cwd=ROOT, start_new_session=True
        )
        self.again_at = None

    def ready(self):
        """Ask the process whether it is ready."""
        try:
            with urllib.request.urlopen(self.ready_url, timeout=2) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def watch(self, now):
        """Start the process again when it died, after a growing pause."""
        if self.process.poll() is None:
            return
        if self.again_at is None:
            say(
                f"{self.name} stopped (exit {self.process.returncode}), again in {self.pause:.0f} s"
            )
            self.again_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.again_at:
            self.start()

    def stop(self):
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self, deadline):
        """Wait until the deadline, then end the process for good."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main():
    """Run the product; returns the exit code."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        ensure()
        services = _services()
        for step in (
            [python(WEB), "-m", "search", "--build"],
            [python(BOT), "-m", "bot.runtime.train", "--models", _models(services[0].env)],
        ):
            _step(step, services[0].env, stopped)
        return _run(services, stopped)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1


def _services():
    port = os.environ.get("XIAOHU_PORT", "8000")
    bot_port = os.environ.get("XIAOHU_BOT_PORT", "5005")
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore::SyntaxWarning",  # jieba's old escapes, at each first import
        "XIAOHU_BOT_URL": f"http://127.0.0.1:{bot_port}",
        "XIAOHU_BOT_SECRET": os.environ.get("XIAOHU_BOT_SECRET") or secrets.token_urlsafe(24),
    }
    env.pop("VIRTUAL_ENV", None)
    web = [python(WEB), "-m", "web", "serve", "--port", port]
    bot = [python(BOT), "-m", "bot.runtime.serve", "--port", bot_port, "--model", _models(env)]
    return [
        Service("web", list(map(str, web)), env, f"http://127.0.0.1:{port}/readyz"),
        Service("bot", list(map(str, bot)), env, f"http://127.0.0.1:{bot_port}/readyz"),
    ]


def _models(env):
    return f"{env.get('XIAOHU_VAR') or 'var'}/models"


def _step(command, env, stopped):
    process = subprocess.Popen(list(map(str, command)), env=env, cwd=ROOT)
    while process.poll() is None:
        if stopped.wait(0.1):
            process.terminate()
            process.wait()
            raise SetupError("stopped")
    if process.returncode:
        raise SetupError(f"this step failed: {' '.join(map(str, command[1:]))}")


def _run(services, stopped):
    for service in services:
        service.start()
    say("starting web and bot …")
    begun = time.monotonic()
    announced = False
    code = 0
    try:
        while not stopped.wait(0.2):
            now = time.monotonic()
            if announced:
                for service in services:
                    service.watch(now)
                continue
            dead = [one for one in services if one.process.poll() is not None]
            if dead:
                say(f"{dead[0].name} could not start; its last lines above say why")
                code = 1
                break
            if all(service.ready() for service in services):
                announced = True
                say(f"ready after {now - begun:.1f} s: {services[0].ready_url[: -len('readyz')]}")
            elif now - begun > READY_SECONDS:
                say("not ready yet; still trying (Ctrl-C ends it)")
                begun = now
    finally:
        say("stopping …")
        for service in services:
            service.stop()
        deadline = time.monotonic() + STOP_SECONDS
        for service in services:
            service.kill(deadline)
    return code
