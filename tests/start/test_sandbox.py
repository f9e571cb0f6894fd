"""SANDBOX=1 starts a wallet beside web and bot, and shows a link as each of its customers."""

import json
import subprocess
import urllib.error
import urllib.request

import pytest

from start import supervisor
from start.environments import ROOT, WEB, SetupError, python
from start.guard import Guard
from tests.product import free_port


@pytest.fixture
def services(monkeypatch, tmp_path):
    for name in ("XIAOHU_WALLET_SECRET", "XIAOHU_JWT_SECRET", "XIAOHU_WALLET_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SANDBOX", "1")
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path))
    monkeypatch.setenv("SANDBOX_PORT", str(free_port()))
    return supervisor._services()


def test_web_is_told_where_the_wallet_is_and_what_signs(services):
    web, bot, sandbox = services
    assert [one.name for one in services] == ["web", "bot", "sandbox"]
    assert web.env["XIAOHU_WALLET_URL"] == sandbox.address.url.rstrip("/")
    assert web.env["XIAOHU_WALLET_SECRET"] == sandbox.env["XIAOHU_WALLET_SECRET"]
    assert len(web.env["XIAOHU_JWT_SECRET"]) >= 32
    assert bot.env["XIAOHU_BOT_SECRET"]


def test_without_it_there_is_no_wallet(monkeypatch):
    monkeypatch.delenv("SANDBOX", raising=False)
    monkeypatch.delenv("XIAOHU_WALLET_URL", raising=False)
    web, bot = supervisor._services()
    assert "XIAOHU_WALLET_URL" not in web.env
    assert bot.name == "bot"


def test_the_sandbox_becomes_ready_and_answers_nobody_unsigned(services):
    sandbox = services[2]
    guard = Guard()
    try:
        sandbox.start(guard)
        for _ in range(200):
            if sandbox.ready:
                break
            sandbox.process.poll()
            subprocess.run(["sleep", "0.05"], check=True)
        assert sandbox.ready
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{sandbox.address.url}customers/sandbox-01/account")
        # a shell that does not know the secret of this start can have it tell something
        env = {name: value for name, value in sandbox.env.items() if "SECRET" not in name}
        command = [str(python(WEB)), "-m", "sandbox", "tell", "sandbox-11"]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
        assert done.stdout == "told\n"
    finally:
        sandbox.stop()
        sandbox.kill(0, guard)
        guard.close()


def test_the_links_lead_into_the_app_as_each_customer(services):
    command = [str(python(WEB)), "-m", "sandbox", "links", "--base", "http://help.example"]
    done = subprocess.run(
        command, env=services[2].env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    links = [line.strip() for line in done.stdout.splitlines() if "/app#token=" in line]
    assert len(links) >= 12
    assert all(link.startswith("http://help.example/app#token=") for link in links)
    assert len(set(links)) == len(links)


def test_a_port_that_is_taken_by_another_child_is_refused(monkeypatch, services):
    monkeypatch.setenv("SANDBOX_PORT", str(services[0].address.port))
    with pytest.raises(SetupError, match="SANDBOX_PORT"):
        supervisor._check(supervisor._services())


def test_the_command_for_a_customers_news_says_when_nobody_answers(services):
    env = {**services[2].env, "SANDBOX_PORT": str(free_port())}
    done = subprocess.run(
        [str(python(WEB)), "-m", "sandbox", "tell", "sandbox-11"],
        env=env, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert json.dumps("told") not in done.stdout
