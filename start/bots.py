"""The bots of one machine: how many there are, and where each listens."""

from start import ports
from start.environments import BOT, SetupError, python
from start.ports import Address
from start.service import Service

MOST = 16
PORT = "XIAOHU_BOT_PORT"
COUNT = "XIAOHU_BOTS"
MODEL = "XIAOHU_BOT_MODEL"


def addresses(env):
    """Return where each bot listens: one port after the other; raises SetupError."""
    try:
        first = ports.read(env, None, PORT, 5005)
    except ValueError as error:
        raise SetupError(str(error)) from None
    count = _count(env)
    if first.port + count - 1 > ports.HIGHEST:
        raise SetupError(f"{PORT}={first.port} leaves no room for {count} bots")
    return [Address(first.host, first.port + number, PORT) for number in range(count)]


def services(at, env, models):
    """Return a service for each address.

    env: what all of them see. models: the folder of models, where the environment names no model.
    """
    model = env.get(MODEL) or models
    return [
        Service(name, list(map(str, _command(address, model))), env, address)
        for name, address in _named(at)
    ]


def urls(at):
    """Return the addresses as web takes them: XIAOHU_BOT_URL."""
    return " ".join(address.url.rstrip("/") for address in at)


def _count(env):
    raw = (env.get(COUNT) or "").strip() or "1"
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= MOST:
        raise SetupError(f"{COUNT}={raw} is no number of bots: set it to one from 1 to {MOST}")
    return int(raw)


def _named(at):
    if len(at) == 1:
        return [("bot", at[0])]
    return [(f"bot {number}", address) for number, address in enumerate(at, 1)]


def _command(address, model):
    serve = ["-m", "bot.runtime.serve", "--port", address.port, "--model", model]
    return [python(BOT), *serve]
