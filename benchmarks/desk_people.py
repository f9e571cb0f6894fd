"""Who comes to a simulated day at the desk, and who works there; see desk_day.py."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

HOURS = 12
LOAD = (0.7, 1.2, 1.5, 0.9, 0.8, 1.2, 1.4, 1.2, 0.9, 0.8, 0.8, 0.6)  # customers by the hour
TOPICS = {"refund": 30, "pay_failed": 22, "login": 16, "fraud": 8, "withdraw": 12, "human": 12}
SEATS = 2


@dataclass(slots=True)
class Customer:
    """One of the day. Times in seconds since the beginning; taken, left: None until then."""

    id: str
    came: float
    topic: str
    urgency: str
    patience: float
    work: float
    by: str
    asked: dict[int, int] = field(default_factory=dict)
    high: float | None = None
    taken: float | None = None
    left: float | None = None
    ringing: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Agent:
    """One of the staff. breaks: (from, until, whether they say so); pace: seconds to notice."""

    id: int
    skills: frozenset[str]
    shift: tuple[float, float]
    breaks: list[tuple[float, float, bool]]
    pace: float
    chats: int = 0
    calls: int = 0
    newest: float | None = None
    rings: bool = False
    looks: bool = False
    missed: int = 0
    sent_away: bool = False
    had: int = 0

    def online(self, at: float) -> bool:
        """Tell whether their console says that they take cases."""
        said = any(begin <= at < end for begin, end, told in self.breaks if told)
        return self.shift[0] <= at < self.shift[1] and not said and not self.sent_away

    def there(self, at: float) -> bool:
        """Tell whether somebody sits there."""
        return self.online(at) and not any(begin <= at < end for begin, end, _ in self.breaks)


def plan(seed: int, customers: int, agents: int) -> tuple[list[Customer], list[Agent]]:
    """Draw a day: who comes and who works."""
    draw = random.Random(seed)  # noqa: S311 - a simulation
    hours = draw.choices(range(HOURS), LOAD, k=customers)
    came = sorted((hour + draw.random()) * 3600 for hour in hours)
    people = [
        Customer(
            id=f"c{number:05d}",
            came=at,
            topic=draw.choices(list(TOPICS), list(TOPICS.values()))[0],
            urgency=draw.choices(("life", "urgent", "other"), (0.3, 6, 93.7))[0],
            patience=draw.lognormvariate(7.09, 0.7),
            work=draw.lognormvariate(5.886, 0.6),
            by=draw.choices(("video", "callback", "chat"), (5, 4, 91))[0],
        )
        for number, at in enumerate(came)
    ]
    return people, [_agent(draw, number) for number in range(1, agents + 1)]


def _agent(draw: random.Random, number: int) -> Agent:
    begin = draw.choice((0, 0, 2, 4)) * 3600.0  # eight hours of twelve, from nine, eleven or one
    noon = begin + draw.uniform(2.5, 4.5) * 3600
    silent = [begin + draw.uniform(0.2, 7.5) * 3600 for _ in range(2)]
    breaks = [(noon, noon + 2700, True)]
    breaks += [(at, at + draw.uniform(240, 720), False) for at in silent]
    good = () if number % 3 == 0 else draw.sample(list(TOPICS), 3)
    pace = 90.0 if number % 5 == 0 else 25.0
    return Agent(number, frozenset(good), (begin, begin + 8 * 3600), breaks, pace)
