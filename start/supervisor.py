"""`make run`: build, train, then web and bots side by side until Ctrl-C.

`python -m start bots` keeps the bots alone going, where image or unit has set up what they need.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from start import bots, ports
from start.environments import BOT, ROOT, WEB, SetupError, check_writable, ensure, python, say
from start.guard import Guard
from start.service import Pace, Service

READY_SECONDS = 90
BOTS, SANDBOX = "bots", "sandbox"


def main(only=None):
    """Run the product, or only its "bots"; returns the exit code."""
    if only not in (None, BOTS):
        print(f"setup: {only} is nothing to start: leave it out, or say {BOTS}", file=sys.stderr)
        return 2
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.set())
    guard = Guard()
    try:
        if only == BOTS:
            services = bots.services(bots.addresses(os.environ), _env(), _models())
            _check(services)
        else:
            services = _services()
            _check(services)
            _prepare(guard, stopped)
        run(services, stopped, guard)
    except SetupError as error:
        print("setup: stopped" if stopped.is_set() else f"setup: {error}", file=sys.stderr)
        return 1
    finally:
        guard.close()
    return 0


def run(services, stopped, guard, pace=None):
    """Start the children and keep each running until the event is set; then end them."""
    pace = pace or Pace()
    say(f"starting {' and '.join(service.name for service in services)} …")
    begun = late = time.monotonic()
    announced = False
    try:
        for service in services:
            service.start(guard)
        while not stopped.wait(pace.look):
            now = time.monotonic()
            guard.keep_up()
            for service in services:
                service.watch(now, guard)
            if announced:
                continue
            if all(service.ready for service in services):
                announced = True
                say(f"ready after {now - begun:.1f} s: {services[0].address.url}")
                _show_customers(services)
            elif now - late > READY_SECONDS:
                waited = " and ".join(service.name for service in services if not service.ready)
                say(f"{waited} not ready yet; still trying (Ctrl-C ends it)")
                late = now
    finally:
        say("stopping …")
        for service in services:
            service.stop()
        deadline = time.monotonic() + pace.stop
        for service in services:
            service.kill(deadline, guard)


def _services():
    at_bots = bots.addresses(os.environ)
    try:
        at_web = ports.read(os.environ, "XIAOHU_HOST", "XIAOHU_PORT", 8000)
    except ValueError as error:
        raise SetupError(str(error)) from None
    env = {
        **_env(),
        "XIAOHU_BOT_URL": bots.urls(at_bots),
        "XIAOHU_BOT_SECRET": os.environ.get("XIAOHU_BOT_SECRET") or secrets.token_urlsafe(24),
    }
    sandbox = []
    if os.environ.get("SANDBOX") == "1":
        try:
            at_sandbox = ports.read(os.environ, None, "SANDBOX_PORT", 8010)
        except ValueError as error:
            raise SetupError(str(error)) from None
        env["XIAOHU_WALLET_URL"] = at_sandbox.url.rstrip("/")
        for name in ("XIAOHU_WALLET_SECRET", "XIAOHU_JWT_SECRET"):
            env[name] = os.environ.get(name) or secrets.token_urlsafe(32)
        # The sandbox tells the help center of what changes.
        told = {**env, "XIAOHU_BASE_URL": at_web.url.rstrip("/")}
        command = [python(WEB), "-m", "sandbox", "serve", "--port", str(at_sandbox.port)]
        sandbox = [Service(SANDBOX, list(map(str, command)), told, at_sandbox)]
    web = [python(WEB), "-m", "web", "serve", "--port", at_web.port]
    return [
        Service("web", list(map(str, web)), env, at_web),
        *bots.services(at_bots, env, _models()),
        *sandbox,
    ]


def _show_customers(services):
    """Print the links into /app as each customer of the sandbox, where there is one."""
    for service in filter(_is_sandbox, services):
        command = [str(python(WEB)), "-m", "sandbox", "links"]
        subprocess.run(command, env=service.env, cwd=ROOT, check=False)


def _check(services):
    """Raise SetupError for what would keep the children from starting, before anything is made."""
    taken = {}
    for service in services:
        port, other = service.address.port, taken.get(service.address.port)
        if other and _is_sandbox(service):
            raise SetupError(f"SANDBOX_PORT {port} is taken by web or bot")
        if other:
            raise SetupError(f"{service.address.variable} is {other}'s port {port}: set another")
        taken[port] = service.name
    problem = ports.trouble([service.address for service in services])
    if problem:
        raise SetupError(problem)
    var = ROOT / (os.environ.get("XIAOHU_VAR") or "var")
    check_writable(var, "give it to the user who starts it, or set XIAOHU_VAR to another folder")


def _is_sandbox(service):
    return service.name == SANDBOX


def _prepare(guard, stopped):
    """Make the environments, the index and the model, whichever is missing."""
    ensure()
    if stopped.is_set():
        raise SetupError("stopped")
    for step in (
        [python(WEB), "-m", "search", "--ready"],
        [python(BOT), "-m", "bot.runtime.train", "--models", _models()],
    ):
        _step(step, guard, stopped)


def _env():
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore::SyntaxWarning",  # jieba's old escapes, at each first import
    }
    env.pop("VIRTUAL_ENV", None)
    return env


def _models():
    return str(Path(os.environ.get("XIAOHU_VAR") or "var") / "models")


def _step(command, guard, stopped):
    """Run a command to its end; one that the user stops is ended with all that it started."""
    process = subprocess.Popen(
        list(map(str, command)), env=_env(), cwd=ROOT, start_new_session=True
    )
    guard.watch(process.pid)
    while process.poll() is None:
        if stopped.wait(0.1):
            process.terminate()
            process.wait()
            raise SetupError("stopped")
    guard.forget(process.pid)
    if process.returncode:
        raise SetupError(f"this step failed: {' '.join(map(str, command[1:]))}")
