"""Values of environment variables: read as what they have to be, or refused with the fix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

from tracing.settings import BadTraces, Traces

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


class BadSettings(ValueError):
    """An environment variable cannot be used; the message names it and the fix."""


def listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Take words parted by commas or blanks."""
    return tuple(env.get(name, "").replace(",", " ").split())


def networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Take addresses and networks."""
    found = listed(env, name)
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise BadSettings(f"{name}: {one!r} is neither an address nor a network") from None
    return found


def words(env: Mapping[str, str], name: str, among: tuple[str, ...]) -> tuple[str, ...]:
    """Take some of the words, none where none is set; "all" stands for all of them."""
    wished = listed(env, name)
    if wished == ("all",):
        return among
    for one in wished:
        if one not in among:
            raise BadSettings(f"{name}: {one!r} is neither all nor one of {', '.join(among)}")
    return wished


def span(
    env: Mapping[str, str], name: str, default: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Take "22:00-08:00" as minutes of the day, None for "off"."""
    raw = env.get(name, "").strip()
    if raw in ("", "off"):
        return None if raw else default
    match = _SPAN.fullmatch(raw)
    if match is None:
        raise BadSettings(f"{name}={raw!r} is neither off nor a span such as 22:00-08:00")
    first, second, third, fourth = map(int, match.groups())
    return first * 60 + second, third * 60 + fourth


def traces(env: Mapping[str, str]) -> Traces:
    """Take where traces go."""
    try:
        return Traces.from_env(env)
    except BadTraces as error:
        raise BadSettings(str(error)) from None


def choice(env: Mapping[str, str], name: str, among: tuple[str, ...]) -> str:
    """Take one of the words, the first where none is set."""
    value = env.get(name, "").strip() or among[0]
    if value not in among:
        raise BadSettings(f"{name}={value!r} is none of {', '.join(among)}")
    return value


def number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    """Take a number within bounds."""
    raw = env.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        raise BadSettings(f"{name}={raw!r} is no number; leave it out for {default:g}") from None
    if not low <= value <= high:
        raise BadSettings(f"{name}={raw!r} is not within {low:g}–{high:g}")
    return value


def pem(env: Mapping[str, str], name: str) -> str:
    """Take a PEM text, or the path of a file that holds one."""
    value = env.get(name, "")
    if not value or value.lstrip().startswith("-----BEGIN"):
        return value
    try:
        return Path(value).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{name}: no PEM text and no such file: {error}") from None
