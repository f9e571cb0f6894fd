"""Actions in the bot's process."""

from __future__ import annotations

import pytest


def test_an_action_that_fails_is_answered_with_the_apology_and_no_text_is_logged(talk, caplog):
    assert talk.say("出错 我的密码是红狐") == ["抱歉，刚才没能办成。"]
    ours = [record for record in caplog.records if record.name == "bot.runtime.executor"]
    assert [record.getMessage() for record in ours] == ["action action_fail failed"]


def test_after_a_failure_the_conversation_goes_on(talk):
    talk.say("记住 退款")
    talk.say("出错")
    assert talk.say("想起") == ["退款"]


def test_an_action_that_declines_leaves_the_turn_to_the_fallback(talk, caplog):
    assert talk.say("推辞 我的秘密") == ["抱歉，刚才没能办成。"]
    assert talk.say("想起") == ["None"]
    assert not [record for record in caplog.records if record.name == "bot.runtime.executor"]
    assert "秘密" not in caplog.text


def test_metadata_reaches_actions(talk):
    replies = talk.replies("想起", channel="app")
    assert replies[-1]["custom"] == {"heard": {"channel": "app"}}


def test_actions_get_the_domain_made_once(talk):
    actions = talk.agent.action_endpoint
    assert actions.domain["forms"]["order_form"]["required_slots"] == ["size", "colour"]


def test_a_package_that_cannot_be_imported_is_named(tmp_path, monkeypatch):
    from bot.runtime.executor import InProcessActions

    package = tmp_path / "lame"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "legs.py").write_text("import nothing_of_that_name\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ImportError, match="nothing_of_that_name"):
        InProcessActions("lame")
