"""From an agent's changed draft to the FAQ: proposed by one click, taken by an editor's."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import Colleague, Customer
from tests.web.publishing import Person
from tests.web.publishing import app as app
from tests.web.publishing import team as team
from web.desk.improvements import Improvement

ASKED = "忘记登录密码怎么办，我卡号是6222021234567890128"


@pytest.fixture(scope="module")
def anna(app: Flask) -> Colleague:
    return Colleague(app, "anna", "安娜")


def served(app: Flask, anna: Colleague, asked: str, said: str) -> tuple[Customer, dict]:
    """Let 安娜 answer a customer with a changed draft; returns what her page would propose."""
    xiaolin = Customer(app.test_client())
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    assert anna.post(f"{one}/claim").status_code == 200
    xiaolin.say(asked)
    draft = anna.get(f"{one}/draft").get_json()
    assert draft["draft"], "the FAQs have nothing to say to this"
    sent = anna.post(f"{one}/messages", client_id=f"draft-{xiaolin.id[:8]}", text=said)
    assert sent.status_code == 201, sent.get_json()
    wish = {"faq": draft["draft"]["id"], "event": draft["event"]}
    return xiaolin, wish | {"client_id": f"draft-{xiaolin.id[:8]}"}


def propose(anna: Colleague, xiaolin: Customer, wish: dict):
    return anna.post(f"/conversations/{xiaolin.id}/improvements", **wish)


def test_a_changed_draft_is_proposed_once_masked_and_taken_through_the_review(
    app: Flask,
    anna: Colleague,
    team: dict[str, Person],
) -> None:
    xiaolin, wish = served(app, anna, ASKED, "在登录页点「忘记密码」，用 13800138000 收短信就行")
    assert propose(anna, xiaolin, wish).status_code == 201
    assert propose(anna, xiaolin, wish).status_code == 200  # a second click is none
    chen, li = team["chen"], team["li"]
    page = chen.see("/editor/drafts")
    assert "忘记登录密码怎么办" in page
    assert "点「忘记密码」" in page
    assert "安娜" in page
    for secret in ("6222021234567890128", "13800138000"):
        assert secret not in page
    with app.extensions["database"].read() as session:
        (row,) = session.query(Improvement)
        number, asked = row.id, row.asked
        assert "6222021234567890128" not in asked
    taken = chen.send("POST", f"/improvements/{number}/take", reason="客服的建议")
    assert taken.status_code == 200, taken.json
    draft = taken.json["draft"]  # changes are reviewed here: somebody else publishes
    assert draft["state"] == "waiting"
    assert asked in li.see(f"/editor/drafts/{draft['id']}")
    done = li.send("POST", f"/drafts/{draft['id']}/publish", edition=1)
    assert done.json["state"] == "published"
    engine = app.extensions["services"].engine
    assert asked in engine.faq(wish["faq"]).similar
    assert asked not in chen.see("/editor/drafts")
    again = chen.send("POST", f"/improvements/{number}/take", reason="")
    assert again.status_code == 409


def test_what_is_no_answer_of_ones_own_is_not_proposed(app: Flask, anna: Colleague) -> None:
    xiaolin, wish = served(app, anna, "忘记登录密码怎么办", "点忘记密码")
    zhou = Colleague(app, "zhou-an", "老周")
    assert propose(zhou, xiaolin, wish).status_code == 409
    assert propose(anna, xiaolin, wish | {"client_id": "never-sent-01"}).status_code == 404
    assert propose(anna, xiaolin, wish | {"event": 10_000}).status_code == 404
    assert propose(anna, xiaolin, wish | {"faq": "../etc"}).status_code == 422


def test_a_proposal_is_declined_and_goes_with_its_conversation(
    app: Flask,
    anna: Colleague,
    team: dict[str, Person],
) -> None:
    chen, customers = team["chen"], []
    for said in ("点忘记密码", "按提示重设"):
        xiaolin, wish = served(app, anna, "忘记登录密码怎么办", said)
        assert propose(anna, xiaolin, wish).status_code == 201
        assert anna.post(f"/conversations/{xiaolin.id}/close").status_code == 200
        customers.append(xiaolin)
    with app.extensions["database"].read() as session:
        query = session.query(Improvement).filter_by(state="open").order_by(Improvement.id)
        declined, erased = [row.id for row in query]
    assert chen.send("POST", f"/improvements/{declined}/declined").status_code == 200
    assert (
        customers[1].client.delete(customers[1].base, headers=customers[1].headers).status_code
        == 204
    )
    with app.extensions["database"].read() as session:
        assert session.get(Improvement, erased) is None
    assert "按提示重设" not in chen.see("/editor/drafts")
    assert "点忘记密码" not in chen.see("/editor/drafts")
    assert chen.send("POST", f"/improvements/{erased}/take").status_code == 404
    # 老周 the lead writes no FAQs
    assert "客服的建议" not in team["zhou"].see("/editor/drafts")
