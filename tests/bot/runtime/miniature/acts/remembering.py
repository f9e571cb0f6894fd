"""Actions that set slots, say them, fill a form, fail and decline."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, ActionExecutionRejection, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

Events = list[dict[str, Any]]


class Remember(Action):
    def name(self) -> str:
        return "action_remember"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        topic = tracker.latest_message["rest"]
        dispatcher.utter_message(text=f"记住了：{topic}")
        return [SlotSet("topic", topic)]


class Recall(Action):
    def name(self) -> str:
        return "action_recall"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        dispatcher.utter_message(
            text=str(tracker.get_slot("topic")),
            json_message={"heard": tracker.latest_message.get("metadata")},
        )
        return []


class Done(Action):
    def name(self) -> str:
        return "action_done"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        size, colour = tracker.get_slot("size"), tracker.get_slot("colour")
        dispatcher.utter_message(text=f"订好了：{size}，{colour}")
        return [SlotSet("size", None), SlotSet("colour", None)]


class Fail(Action):
    def name(self) -> str:
        return "action_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        raise ValueError(f"cannot read {tracker.latest_message['text']}")


class Decline(Action):
    def name(self) -> str:
        return "action_decline"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        raise ActionExecutionRejection(self.name(), tracker.latest_message["text"])


class ValidateOrderForm(FormValidationAction):
    """Takes any message for the slot asked for, unless it remembers or recalls something."""

    def name(self) -> str:
        return "validate_order_form"

    async def extract_size(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        return self._reply("size", tracker)

    async def extract_colour(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        return self._reply("colour", tracker)

    def _reply(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        if tracker.get_slot("requested_slot") != slot:
            return {}
        if tracker.latest_message["intent"]["name"] in ("remember", "recall"):
            return {}
        return {slot: tracker.latest_message["text"]}
