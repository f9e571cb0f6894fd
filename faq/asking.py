"""Where more ways of asking pay most: FAQs whose words lead to others as well."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from faq.clusters import groups
from faq.questions import bare_of
from faq.writing import Draft

MOST = 12  # FAQs that are asked for
RIVALS = 2
ANSWER = 0.4  # what words of the answer weigh beside those of the question


@dataclass(frozen=True, slots=True)
class Wanted:
    """An FAQ that wants more ways of asking. doubt: 0 to 1, how much its words lead elsewhere."""

    id: str
    question: str
    rivals: tuple[str, ...]
    doubt: float


def wanted(
    drafts: Sequence[Draft], normalise: Callable[[str], str], most: int = MOST
) -> list[Wanted]:
    """List the FAQs for which a row helps most, the most doubtful first.

    A question that shares its rare words with the questions and answers of other FAQs is taken by
    these; one that has ways of asking already is held by them.
    """
    if len(drafts) < 2:
        return []
    titles = [Counter(groups(bare_of(normalise(draft.question)))) for draft in drafts]
    whole = [_words(draft, normalise) for draft in drafts]
    held = Counter(group for one in whole for group in one)
    worth = {group: math.log(1 + len(drafts) / times) for group, times in held.items()}
    places = {group: at for at, group in enumerate(worth)}
    asked, told = (
        np.zeros((len(drafts), len(places)), np.float32),
        np.zeros((len(drafts), len(places)), np.float32),
    )
    for rows, counted in ((asked, titles), (told, whole)):
        for at, one in enumerate(counted):
            for group, times in one.items():
                rows[at, places[group]] = min(float(times), 1.0) * worth[group]
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    near = asked @ told.T
    own = np.diag(near).copy()
    np.fill_diagonal(near, -1)
    found = []
    for at, draft in enumerate(drafts):
        order = np.argsort(-near[at], kind="stable")[:RIVALS]
        share = float(near[at, order[0]]) / max(float(own[at]), 1e-9)
        doubt = min(share, 1.0) / (1 + len(draft.similar))
        rivals = tuple(drafts[int(other)].question for other in order if near[at, other] > 0)
        found.append(Wanted(draft.id, draft.question, rivals, round(doubt, 3)))
    found.sort(key=lambda one: (-one.doubt, one.id))
    return [one for one in found if one.rivals][:most]


def _words(draft: Draft, normalise: Callable[[str], str]) -> Counter[str]:
    """Count the groups of an FAQ's questions, and those of its answer for less."""
    counted: Counter[str] = Counter()
    for text in (draft.question, *draft.similar):
        counted.update(dict.fromkeys(groups(bare_of(normalise(text))), 1))
    for group in set(groups(bare_of(normalise(draft.answer)))):
        counted[group] += ANSWER  # type: ignore[assignment]  # weighted
    return counted
