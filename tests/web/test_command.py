"""The command line: accounts and test identities."""

from __future__ import annotations

import jwt
import pytest
from click.testing import CliRunner

from web.__main__ import main

SECRET = "a wallet's secret of the tests only, long enough"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")

    def call(*words: str, typed: str = "", **env: str):
        return CliRunner().invoke(main, words, input=typed, env=env)

    return call


def test_an_account_is_made_listed_and_given_a_new_password(run):
    made = run("agent", "add", "anna", "--display", "安娜", typed="anna-password\n")
    assert made.exit_code == 0, made.output
    assert "anna-password" not in made.output
    assert run("agent", "list").output == "anna\t安娜\tagent\tactive\n"
    assert run("agent", "add", "anna", typed="anna-password\n").exit_code == 1
    assert run("agent", "password", "anna", typed="another-password\n").exit_code == 0
    assert run("agent", "password", "nobody", typed="another-password\n").exit_code == 1


def test_an_account_is_closed_opened_and_changed(run):
    run("agent", "add", "anna", "--display", "安娜", typed="anna-password\n")
    assert run("agent", "close", "anna").exit_code == 0
    assert run("agent", "list").output == "anna\t安娜\tagent\tclosed\n"
    assert run("agent", "open", "anna").exit_code == 0
    assert run("agent", "role", "anna", "editor").exit_code == 0
    assert run("agent", "display", "anna", "安娜·林").exit_code == 0
    assert run("agent", "list").output == "anna\t安娜·林\teditor\tactive\n"
    for words in (("close", "nobody"), ("role", "nobody", "agent"), ("display", "anna", " ")):
        assert run("agent", *words).exit_code == 1
    assert run("agent", "role", "anna", "king").exit_code == 2


def test_an_empty_password_is_made_and_shown_once(run):
    made = run("agent", "add", "zhou", typed="\n")
    assert made.exit_code == 0
    assert "shown this once" in made.output
    assert run("agent", "add", "kurz", typed="short\n").exit_code == 1


def test_a_test_identity_needs_the_secret(run):
    assert run("token", "--sub", "xiaolin").exit_code == 1
    signed = run("token", "--sub", "xiaolin", "--name", "小林", XIAOHU_JWT_SECRET=SECRET)
    claims = jwt.decode(signed.output.strip(), SECRET, algorithms=["HS256"])
    assert (claims["sub"], claims["name"]) == ("xiaolin", "小林")


@pytest.mark.parametrize(
    ("name", "value"),
    [("XIAOHU_PORT", "many"), ("XIAOHU_PORT", "99999"), ("XIAOHU_BOT_TIMEOUT", "-1"),
     ("XIAOHU_WORKERS", "2"), ("XIAOHU_JWT_PUBLIC_KEY", "/no/such/file")],
)  # fmt: skip
def test_a_bad_setting_is_named(run, name, value):
    refused = run("migrate", **{name: value})
    assert refused.exit_code == 1
    assert name in refused.output
