"""The content that web reads beside the FAQs: what texts may name, opening hours, ready answers.

Each file is read anew when it changes; a bad one stands as it was when last good, also over a
start, and `problems` says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from faq import brand, flows, heard, kinds, retention, templates, tips, wallet
from flows import Flows
from search.errors import Problem
from search.kept import ACCEPTED, Kept, load_texts
from web.desk.measures.goals import Goals
from web.desk.reviews.form import Form
from web.settings import Settings

if TYPE_CHECKING:
    from search import Engine

VARIABLES = "variables.yml"


class Variables(Mapping[str, str]):
    """The names that texts may hold: the deployment's settings, before the content's phrases.

    An editor may change the phrases at any time, so they are looked up each time.
    """

    def __init__(self, settings: Settings, engine: Engine | None) -> None:
        """Follow the phrases' file where there is no engine that does."""
        self._own = settings.variables
        self._engine = engine
        path, own = settings.data / VARIABLES, settings.var / ACCEPTED / VARIABLES
        self._read: Kept[dict[str, str]] | None = None
        if engine is None:
            self._read = Kept(path, load_texts, own, missing={})

    def __getitem__(self, name: str) -> str:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> dict[str, str]:
        said = self._engine.variables if self._engine else self._read() if self._read else {}
        return {**said, **self._own}


class Texts(Mapping[str, str]):
    """A mapping that is looked up anew each time."""

    def __init__(self, now: Callable[[], Mapping[str, str]]) -> None:
        self._now = now

    def __getitem__(self, name: str) -> str:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


class Current:
    """Stands for what a file says now: whatever is asked of it is asked of that."""

    def __init__(self, now: Callable[[], object]) -> None:
        self._now = now

    def __getattr__(self, name: str) -> object:
        return getattr(self._now(), name)


class Files:
    """The files of a running app. Calling one of them gives what it says now."""

    def __init__(self, settings: Settings) -> None:
        """Read them; raises BadContent where one is bad and no good version was ever read."""
        self._data = data = settings.data
        own = settings.var / ACCEPTED
        self.hours = Kept(
            settings.hours or data / kinds.HOURS,
            kinds.read_hours,
            own / kinds.HOURS,
            held=settings.hours is None,
        )
        self.forbidden = Kept(
            data / kinds.FORBIDDEN,
            lambda path, raw: kinds.read_forbidden(path, raw, settings.hosts),
            own / kinds.FORBIDDEN,
        )
        self.canned: Kept[list[templates.Template]] = Kept(
            data / kinds.CANNED, templates.read, own / kinds.CANNED, missing=[]
        )
        self.goals = Kept(data / kinds.GOALS, kinds.read_goals, own / kinds.GOALS, missing=Goals())
        path, kept = data / kinds.REVIEW, own / kinds.REVIEW
        self.review = Kept(path, kinds.read_review, kept, missing=Form())
        self.flows = Flows(data, own)
        self.brand = Kept(data / brand.FILE, brand.read, own / brand.FILE, missing=brand.plain())
        self.fallback: Kept[dict[str, str]] = Kept(
            data / kinds.FALLBACK, load_texts, own / kinds.FALLBACK, missing={}
        )
        self.tips = Kept(data / tips.FILE, tips.read, own / tips.FILE, missing=tips.NONE)
        path, kept = data / kinds.WALLET, own / kinds.WALLET
        self.wallet = Kept(path, wallet.read, kept, missing=wallet.NOTHING)

    def problems(self) -> list[Problem]:
        """Say what is wrong with the newest versions, those that others read included."""
        found: list[Problem] = []
        every = (
            self.hours, self.goals, self.review, self.forbidden, self.canned, self.fallback,
            self.brand, self.wallet, self.tips,
        )  # fmt: skip
        for kept in every:
            kept()
            found += kept.problems
        others = kinds.problems(self._data, (*kinds.BOT, retention.FILE))
        return [*found, *others, *heard.problems(self._data), *flows.problems(self._data)]
