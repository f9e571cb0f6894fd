"""Runs actions inside the bot's process, in the place of an action server."""

from __future__ import annotations

import importlib
import json
import logging
import pkgutil
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import ActionExecutionRejection
from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

# What the bot says when an action fails: the response that Rasa's own fallback says.
APOLOGY = "utter_default"


class InProcessActions(EndpointConfig):
    """An action endpoint that calls the SDK's executor instead of a server.

    package: the package of actions; raises ImportError when it cannot be imported. domain: the
    trained domain as a dict, handed to every action, so that Rasa need not write it out for each
    call.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(enable_selective_domain=True)
        _import_all(package)  # the SDK ends the process when one of them fails
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self.domain: dict[str, Any] = {}

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that the call names; returns its events and responses.

        An action that fails answers with the domain's apology. Raises ClientResponseError as an
        action server would when the action declines to run.
        """
        call = kwargs["json"]
        call.setdefault("domain", self.domain)
        name = call["next_action"]
        try:
            return await self._executor.run(call)
        except ActionExecutionRejection:
            declined = json.dumps({"action_name": name, "error": f"{name} declined"})
            raise ClientResponseError(400, "declined", declined) from None
        except Exception:
            # The formatter writes where it failed, never the message: it may quote a customer.
            logger.exception("action %s failed", name)
            return {"events": [], "responses": [{"response": APOLOGY}]}


def _import_all(package: str) -> None:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
