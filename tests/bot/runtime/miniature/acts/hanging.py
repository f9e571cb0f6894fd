"""Actions that never end: one works on, one waits, one calls itself."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

Events = list[dict[str, Any]]


class Hang(Action):
    def name(self) -> str:
        return "action_hang"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        dispatcher.utter_message(text="没说完")
        while True:
            with contextlib.suppress(Exception):  # what hangs may well swallow errors, too
                sum(range(1000))


class Sleep(Action):
    def name(self) -> str:
        return "action_sleep"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        await asyncio.sleep(3600)
        return []


class Circle(Action):
    def name(self) -> str:
        return "action_circle"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return [SlotSet("topic", "绕圈"), FollowupAction("action_circle")]
