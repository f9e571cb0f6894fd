"""Puts the assistant together: model, stores, actions in process, one engine for both."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent, load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.exceptions import ModelNotFound

from actions import knowledge
from bot.components import understanding
from bot.runtime.executor import InProcessActions


async def open_assistant(model: Path, endpoints: AvailableEndpoints | None = None) -> Agent:
    """Load a trained model as an agent that answers in this process.

    model: the model file, or a folder whose newest model is taken. endpoints: the stores; in
    memory when None. Raises ModelNotFound when no model can be loaded.
    """
    knowledge.use(understanding.engine)
    actions = InProcessActions()
    endpoints = endpoints or AvailableEndpoints()
    if endpoints.action is None:
        endpoints.action = actions
    agent = await load_agent(model_path=str(model), endpoints=endpoints)
    if not agent.is_ready():
        raise ModelNotFound(f"no model that loads at {model}: train it first")
    actions.domain = agent.domain.as_dict()
    understanding.engine()
    understanding.details()
    return agent
