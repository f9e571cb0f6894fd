"""Runs the nodes of a model one after the other."""

from __future__ import annotations

import functools
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class SequentialRunner(GraphRunner):
    """Runs the nodes in an order worked out once for each set of targets.

    Rasa's own runner copies the schema, builds a task graph and schedules it with dask in every
    run, several times a message. The nodes of this bot wait for each other anyway.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._order = functools.lru_cache(maxsize=None)(self._find_order)

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> SequentialRunner:
        """Make the nodes of the schema and the runner over them."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Run what the targets need. Returns target → output."""
        wanted = tuple(targets or self._schema.target_names)
        outputs = dict(inputs or {})
        for name in self._order(wanted):
            needs = self._schema.nodes[name].needs.values()
            outputs[name] = self._nodes[name](*((need, outputs[need]) for need in needs))[1]
        return {name: outputs[name] for name in wanted}

    def _find_order(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in order or name not in self._schema.nodes:
                return  # placed already, or an input of the run
            for need in self._schema.nodes[name].needs.values():
                visit(need)
            order[name] = None

        for target in targets:
            visit(target)
        return tuple(order)
