"""A known outage is the first thing said: in the greeting, and where a flow opens."""

from __future__ import annotations

from actions import speech
from actions.turn import Turn
from dialogue.phrases import mark

MOST = 2


def tell(turn: Turn) -> None:
    """Say the current announcements that were not said in this conversation yet."""
    for notice in (turn.metadata.get("announcements") or [])[:MOST]:
        title, text = str(notice.get("title") or ""), str(notice.get("text") or "")
        # the same words of another day are news
        told = mark(f"{notice.get('since') or ''}\n{title}\n{text}")
        if told in turn.state.said:
            continue
        turn.state.said.append(told)
        speech.say(turn, "outage", headline=title, body=text)
        # web keeps who was told, to tell them when it is over
        named = {"command": "announced", "announcement": str(notice.get("id") or "")}
        turn.dispatcher.utter_message(json_message=named)
