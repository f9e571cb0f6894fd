"""Understands a message by its first word."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

INTENTS = {
    "记住": "remember",
    "想起": "recall",
    "订": "order",
    "出错": "fail",
    "推辞": "decline",
    "卡住": "hang",
    "睡着": "sleep",
    "绕圈": "circle",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FirstWord(GraphComponent):
    """Sets the intent that the first word names."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> FirstWord:  # fmt: skip
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            first, _, rest = (message.get("text") or "").partition(" ")
            intent = {"name": INTENTS.get(first, "other"), "confidence": 1.0}
            message.set("intent", intent, add_to_output=True)
            message.set("entities", [], add_to_output=True)
            message.set("rest", rest, add_to_output=True)
        return messages
