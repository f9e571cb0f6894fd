"""Serves the assistant on loopback: `python -m bot.runtime.serve --port 5005`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# Quiet and offline, unless the operator says otherwise; read when Rasa is imported.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def main(arguments: list[str] | None = None) -> None:
    """Load the newest model of the folder and answer on the port until stopped."""
    parser = argparse.ArgumentParser(prog="bot.runtime.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, default=Path("var/models"), help="file or folder")
    parser.add_argument("--endpoints", type=Path, default=HERE / "endpoints.yml")
    options = parser.parse_args(arguments)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    serve(options.port, options.model, options.endpoints)


def serve(port: int, model: Path, endpoints: Path) -> None:
    """Serve one model on 127.0.0.1 with the stores that the endpoints file names."""
    import logging
    from typing import Any

    from rasa.core.run import close_resources, configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    from bot.runtime.assistant import open_assistant

    # Without this, Rasa prints every customer's text at DEBUG.
    configure_structlog(logging.ERROR)
    stores = AvailableEndpoints.read_endpoints(str(endpoints))
    _make_store_folder(stores)
    channels = create_http_input_channels(None, str(HERE / "credentials.yml"))
    app = configure_app(channels, enable_api=False, port=port, endpoints=stores)

    async def start(running: Any, loop: Any) -> None:
        running.ctx.agent = await open_assistant(model, stores)

    app.register_listener(start, "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


def _make_store_folder(stores: object) -> None:
    store = getattr(stores, "tracker_store", None)
    if store is not None and store.kwargs.get("dialect") == "sqlite":
        Path(store.kwargs["db"]).parent.mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    main()
