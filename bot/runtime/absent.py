"""Leaves out packages that Rasa imports and a bot of rules never runs.

Importing Rasa imports the clients of a dozen chat services and databases, a plotting library and
two of statistics: more than half of its time and memory. While the bot is served they are stood
in for by the inert classes that stand in for TensorFlow (bot/inert), which can be imported,
inherited from and named in annotations. Calling one raises and says what was left out, so a new
need shows itself at once: take the package off the list then.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

CHAT_SERVICES = (
    "aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "socketio",
    "engineio", "twilio", "webexteamssdk",
)  # fmt: skip
STORES = ("boto3", "botocore", "pymongo", "bson", "gridfs", "redis")
BROKERS = ("aio_pika", "aiormq", "pamqp", "kafka", "confluent_kafka")
STATISTICS = ("sklearn", "skops", "joblib", "scipy", "matplotlib", "networkx", "dask")
SERVERS = (
    "sanic", "sanic_cors", "sanic_jwt", "jwt", "apscheduler", "sentry_sdk", "requests",
    "cachecontrol", "google",
)  # fmt: skip
TERMINAL = ("prompt_toolkit", "questionary", "terminaltables", "randomname", "pydot")
# Training schedules its nodes with dask.
TO_TRAIN = frozenset(("dask",))
# The lock store needs redis when REDIS_URL is set.
FOR_LOCKS = frozenset(("redis",))
LEFT_OUT = frozenset((*CHAT_SERVICES, *STORES, *BROKERS, *STATISTICS, *SERVERS, *TERMINAL))


class AbsentFinder(MetaPathFinder, Loader):
    """Answers imports of the packages left out with modules of inert classes."""

    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Claim the packages left out and all within them."""
        if name.partition(".")[0] in self._packages:
            return ModuleSpec(name, self, is_package=True)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Give the module an inert class for any attribute."""
        from tensorflow.inert import attributes_of

        module.__getattr__ = attributes_of(module.__name__)  # type: ignore[method-assign]


def leave_out(packages: frozenset[str] = LEFT_OUT) -> None:
    """Stand in for the packages from now on; those imported already stay as they are.

    Without the inert TensorFlow nothing is left out: a real one needs the real packages.
    """
    try:
        import tensorflow.inert  # noqa: F401
    except ImportError:
        return
    if not any(isinstance(finder, AbsentFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AbsentFinder(packages))
