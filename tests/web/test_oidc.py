"""The staff signs in at a provider of OpenID Connect, and nobody does who only pretends to."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.web.conftest import csrf
from tests.web.oidc_provider import CLIENT, SECRET, Provider
from tests.web.test_accounts import Person
from web.__main__ import main
from web.accounts import oidc, outside
from web.accounts import provider as settings_of
from web.audit.models import AuditEntry
from web.desk import agents
from web.environment import BadSettings
from web.services import utc_now
from web.settings import Settings

ROLES = {"desk-leads": "lead", "desk": "agent"}
ANNA = {"sub": "u-1001", "preferred_username": "anna", "name": "安娜", "groups": ["all", "desk"]}


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def provider(running):
    running.who, running.spoil, running.sign = dict(ANNA), lambda claims: None, running.signed
    running.names_itself = ""
    return running


@pytest.fixture
def site(make, provider):
    def build(**more):
        own = {"claim": "groups", "roles": ROLES, "creates": True, **more.pop("oidc", {})}
        return make(oidc=settings_of.Provider(provider.url, CLIENT, SECRET, **own), **more)

    return build


def sent(client, path="/account/oidc/go?next=/desk"):
    answer = client.get(path)
    assert answer.status_code == 303
    return answer.headers["Location"]


def come_back(client, provider):
    back = urlsplit(provider.authorize(sent(client)))
    return client.get(f"{back.path}?{back.query}")


def is_in(client) -> bool:
    return client.get("/desk/api/queue").status_code == 200


def why(answer) -> str:
    assert answer.status_code == 303
    return answer.headers["Location"].partition("error=")[2]


def deeds(app):
    with app.extensions["database"].read() as session:
        return [(one.who, one.action, one.object) for one in session.query(AuditEntry)]


def test_a_person_of_the_provider_gets_an_account_with_their_groups_role_and_is_in(site, provider):
    app = site()
    client = app.test_client()
    page = client.get("/desk/login").get_data(as_text=True)
    assert 'href="/account/oidc/go?next=' in page
    answer = come_back(client, provider)
    assert answer.headers["Location"] == "/desk"
    assert is_in(client)
    assert "安娜" in client.get("/account").get_data(as_text=True)
    with app.extensions["database"].read() as session:
        assert agents.named(session, "anna").role == "agent"
    assert deeds(app) == [("oidc", "account-add", "anna agent"), ("anna", "sign-in", "")]
    # promoted there, promoted here; the same person although their name is another now
    provider.who |= {"groups": ["desk", "desk-leads"], "preferred_username": "anna.w"}
    again = app.test_client()
    come_back(again, provider)
    assert again.get("/console/board").status_code == 200
    assert not is_in(client), "the sessions in the former role have ended"
    with app.extensions["database"].read() as session:
        assert [(one.name, one.role) for one in agents.everyone(session)] == [("anna", "lead")]
    out = again.post("/desk/logout", data={"csrf_token": csrf(again.get("/account").text)})
    assert out.status_code == 302
    assert not is_in(again)
    left = again.get("/account/oidc/out").headers["Location"]
    assert left.startswith(f"{provider.url}/leave?client_id={CLIENT}&post_logout_redirect_uri=")


def test_whoever_is_unknown_closed_or_in_no_group_is_refused_and_recorded(site, provider):
    app = site(oidc={"creates": False})
    assert why(come_back(app.test_client(), provider)) == "oidc-unknown"
    Person(app, "anna", "安娜", "agent")
    assert why(come_back(app.test_client(), provider)) == "oidc-unknown", "a name proves nothing"
    with app.extensions["database"].write() as session:
        outside.tie(session, "anna", provider.url, ANNA["sub"], utc_now())
    client = app.test_client()
    assert come_back(client, provider).headers["Location"] == "/desk"
    provider.who["groups"] = ["cooks"]
    assert why(come_back(app.test_client(), provider)) == "oidc-role"
    provider.who["groups"] = ["desk"]
    with app.extensions["database"].write() as session:
        agents.change(session, "anna", active=False)
    refused = come_back(app.test_client(), provider)
    assert why(refused) == "oidc-closed"
    assert "您的账号已关闭" in app.test_client().get(refused.headers["Location"]).text
    assert deeds(app).count(("", "sign-in-refused", "oidc u-1001")) == 4


def test_an_account_made_here_is_not_taken_by_somebody_who_takes_its_name(site, provider):
    app = site()
    Person(app, "zhou", "老周", "lead")
    provider.who |= {"sub": "u-666", "preferred_username": "zhou"}
    client = app.test_client()
    assert why(come_back(client, provider)) == "oidc-taken"
    assert not is_in(client)


def none(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}."


def own_key(claims):
    key = RSAKey.generate_key(2048, {"kid": "first"})
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key)


def shared_secret(claims):
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


FORGED = {
    "nonce": {"spoil": lambda claims: claims.update(nonce="of another sign-in")},
    "no nonce": {"spoil": lambda claims: claims.pop("nonce")},
    "audience": {"spoil": lambda claims: claims.update(aud="another application")},
    "party": {"spoil": lambda claims: claims.update(aud=[CLIENT, "another"], azp="another")},
    "expired": {"spoil": lambda claims: claims.update(exp=int(time.time()) - 120)},
    "issuer": {"spoil": lambda claims: claims.update(iss="https://evil.example")},
    "nobody": {"spoil": lambda claims: claims.pop("sub")},
    "alg none": {"sign": none},
    "another key": {"sign": own_key},
    "alg HS256": {"sign": shared_secret},
}


def test_a_token_that_is_not_right_in_every_point_opens_nothing(site, provider):
    app = site()
    for what, forge in FORGED.items():
        provider.spoil, provider.sign = lambda claims: None, provider.signed
        for name, value in forge.items():
            setattr(provider, name, value)
        client = app.test_client()
        assert why(come_back(client, provider)) == "oidc-refused", what
        assert not is_in(client), what
    with app.extensions["database"].read() as session:
        assert agents.everyone(session) == []


def test_what_comes_back_is_good_once_in_the_browser_that_went_and_not_for_long(site, provider):
    app = site()
    victim, thief = app.test_client(), app.test_client()
    back = urlsplit(provider.authorize(sent(thief)))
    path = f"{back.path}?{back.query}"
    sent(victim)
    assert why(victim.get(path)) == "oidc-refused", "another browser's state"
    assert why(victim.get(f"{back.path}?code=x")) == "oidc-refused", "no state at all"
    other = path.replace("iss=http", "iss=https")
    assert why(thief.get(other)) == "oidc-refused", "the answer of another provider"
    assert why(thief.get(path)) == "oidc-refused", "what was kept went with the first try"
    late = app.test_client()
    back = urlsplit(provider.authorize(sent(late)))
    past = utc_now().timestamp() - 1
    with late.session_transaction() as kept:
        kept["oidc"]["until"] = past
        kept.modified = True
    assert why(late.get(f"{back.path}?{back.query}")) == "oidc-refused"
    stolen = app.test_client()
    back = urlsplit(provider.authorize(sent(stolen)))
    with stolen.session_transaction() as kept:
        kept["oidc"]["verifier"] = "another verifier than the one that was challenged"
        kept.modified = True
    assert why(stolen.get(f"{back.path}?{back.query}")) == "oidc-refused", "PKCE"


def test_a_new_key_of_the_provider_is_found_and_another_issuers_word_is_not_taken(site, provider):
    app = site()
    assert come_back(app.test_client(), provider).headers["Location"] == "/desk"
    before = provider.key
    provider.key = provider.shown = RSAKey.generate_key(2048, {"kid": "second"})
    client = app.extensions["services"].oidc
    client._keys_at -= 2 * oidc.AGAIN
    try:
        assert come_back(app.test_client(), provider).headers["Location"] == "/desk"
    finally:
        provider.key = provider.shown = before
    client._told_at = None
    provider.names_itself = "https://evil.example"
    answer = app.test_client().get("/account/oidc/go")
    assert why(answer) == "oidc-away"


def test_a_second_factor_here_is_still_asked_for_unless_the_provider_says_it_was_given(
    site, provider
):
    app = site(second_factor=("agent",))
    client = app.test_client()
    come_back(client, provider)
    assert client.get("/desk").headers["Location"] == "/account/factor", "one is owed"
    with_it = app.test_client()
    provider.who["amr"] = ["pwd", "otp"]
    come_back(with_it, provider)
    assert with_it.get("/desk").status_code == 200


def test_passwords_can_be_closed_but_for_the_account_in_the_glass_case(site):
    app = site(local_sign_in=("zhou",))
    anna, zhou = Person(app, "anna", "安娜", "agent"), Person(app, "Zhou", "老周", "lead")
    assert "应急账号登录" in app.test_client().get("/desk/login").text
    assert anna.sign_in().status_code == 401
    assert zhou.sign_in().status_code == 303
    page = app.test_client()
    token = csrf(page.get("/editor/login").text)
    form = {"name": "anna", "password": anna.password, "csrf_token": token}
    assert page.post("/editor/login", data=form).status_code == 401


def test_without_a_provider_there_is_neither_a_button_nor_a_way(app):
    client = app.test_client()
    assert "oidc" not in client.get("/desk/login").text
    assert client.get("/account/oidc/go").status_code == 404
    assert client.get("/account/oidc/back?code=x&state=y").status_code == 404


def test_the_operator_ties_an_account_and_hears_of_settings_that_cannot_be(tmp_path, monkeypatch):
    env = {
        "XIAOHU_VAR": str(tmp_path), "SECRET_KEY": "a secret of the tests only",
        "XIAOHU_OIDC_ISSUER": "https://id.example", "XIAOHU_OIDC_CLIENT_ID": CLIENT,
        "XIAOHU_OIDC_CLIENT_SECRET": SECRET, "XIAOHU_OIDC_ROLES": "desk=agent",
    }  # fmt: skip
    read = Settings.from_env({**env, "XIAOHU_LOCAL_SIGN_IN": "Zhou"})
    assert (read.oidc.roles, read.local_sign_in) == ({"desk": "agent"}, ("zhou",))
    for name, value in (
        ("XIAOHU_OIDC_ISSUER", "http://id.example"), ("XIAOHU_OIDC_CLIENT_SECRET", ""),
        ("XIAOHU_OIDC_ROLES", "desk=king"),
    ):  # fmt: skip
        with pytest.raises(BadSettings):
            Settings.from_env({**env, name: value})
    with pytest.raises(BadSettings):
        Settings.from_env({"XIAOHU_VAR": str(tmp_path), "XIAOHU_LOCAL_SIGN_IN": "zhou"})
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    assert run(main, ["account", "add", "anna"], input="orange-lantern\n").exit_code == 0
    done = run(main, ["account", "tie", "anna", "u-1001"])
    assert "anna signs in as u-1001 of https://id.example" in done.output
