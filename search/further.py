"""What customers ask next about an FAQ: data/further/<FAQ>.yml, a list of asks and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from search.errors import BadContent, Problem
from search.files import Unreadable, list_names, read_file
from search.kept import load_yaml
from search.reasons import because

FOLDER = "further"
SHAPE = "write a list of `- asks: […]` and `says: …`"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that customers ask or tell next: asks are messages, says is the answer to them."""

    asks: tuple[str, ...]
    says: str


def read_points(path: Path, raw: bytes) -> list[Point]:
    """Read one FAQ's points; raises BadContent."""
    written = load_yaml(path, raw)
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        raise BadContent((Problem(path, 1, because("further-list"), SHAPE),))
    found: list[Point] = []
    for number, one in enumerate(written, 1):
        asks, says = one.get("asks"), one.get("says")
        listed = isinstance(asks, list) and asks and all(str(ask).strip() for ask in asks)
        if (
            not listed
            or not isinstance(says, str)
            or not says.strip()
            or one.keys() - {"asks", "says"}
        ):
            problem = Problem(path, 1, because("further-point", number=number), SHAPE)
            raise BadContent((problem,))
        found.append(Point(tuple(str(ask).strip() for ask in asks), says.strip()))
    return found


def read_folder(data: Path) -> tuple[dict[str, list[Point]], list[Problem]]:
    """Read all that can be read: FAQ → points, and what is wrong with the other files."""
    found: dict[str, list[Point]] = {}
    problems: list[Problem] = []
    for path in _paths(data):
        try:
            found[path.stem] = read_points(path, read_file(path))
        except FileNotFoundError:
            if path.is_symlink():
                problems.append(Problem(path, 1, because("dead-link"), "put the file there"))
        except Unreadable as error:
            problems.append(Problem(path, 1, error.reason, error.fix))
        except BadContent as error:
            problems += error.problems
    return found, problems


def _paths(data: Path) -> Iterator[Path]:
    for name in sorted(list_names(data / FOLDER)):
        yield data / FOLDER / f"{name}.yml"
