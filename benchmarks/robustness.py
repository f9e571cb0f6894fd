"""What slips of the keys, other characters and words beside the question cost."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from opencc import OpenCC

from benchmarks.messages import Judged, judge
from search import Engine
from search.slips import Slips

SEED = 20_261_121
# Slips are drawn so often for every message; one draw's luck is a point or two.
DRAWS = 3
# name → points that R@1 may fall by
GOALS = {
    "one homophone": 2.0,
    "two homophones": 3.0,
    "dropped": 5.0,
    "swapped": 2.0,
    "繁體": 1.5,
}
# Said before and after a question; none of them stands so in data/lexicon/asides.yml.
NAMING_US = (("在小狐钱包上", ""), ("小狐钱包的", ""), ("", "，我用的小狐"), ("我在小狐这边", ""))
POLITELY = (
    ("打扰一下，想了解", ""),
    ("您好客服，我想请教下", ""),
    ("", "，麻烦帮忙查查"),
    ("您好，咨询个问题，", "，谢谢啦"),
    ("客服在不在，", "，真的很着急"),
)
Change = Callable[[str, random.Random], str]


def report(engine: Engine, name: str, clean: Sequence[Judged]) -> None:
    """Print the accuracy under every change, beside that of the messages as they are."""
    generation = engine.generation
    slips = Slips(generation.analyser.pinyin, (row.plain for row in generation.rows))
    traditional = OpenCC("s2twp")
    changes: dict[str, tuple[Change, int]] = {
        "one homophone": (partial(_homophones, slips, 1), DRAWS),
        "two homophones": (partial(_homophones, slips, 2), DRAWS),
        "dropped": (slips.dropped, DRAWS),
        "swapped": (slips.swapped, DRAWS),
        "doubled": (slips.doubled, DRAWS),
        "naming us": (partial(_beside, NAMING_US), DRAWS),
        "politely": (partial(_beside, POLITELY), DRAWS),
        "繁體": (lambda text, dice: str(traditional.convert(text)), 1),
    }
    inside = [one.message for one in clean if one.inside]
    outside = [one.message for one in clean if one.outside]
    first, three = _shares([one for one in clean if one.inside])
    print(f"\n{name}")
    print("  typed differently    R@1     (loss)    R@3    off-topic answered")
    for name, (change, draws) in changes.items():
        found: list[Judged] = []
        strange: list[Judged] = []
        for draw in range(draws):
            dice = random.Random(SEED + draw)  # noqa: S311 - no secret
            found += [judge(engine, one.changed(change(one.text, dice))) for one in inside]
            strange += [judge(engine, one.changed(change(one.text, dice))) for one in outside]
        now, now_three = _shares(found)
        loss = (first - now) * 100
        goal = GOALS.get(name)
        told = "" if goal is None else f"  goal ≤ {goal}: {'met' if loss <= goal else 'MISSED'}"
        wrong = sum(one.answered and not one.right for one in strange) / max(1, len(strange))
        print(f"    {name:16} {now:6.1%}  ({loss:+4.1f})  {now_three:6.1%}   {wrong:6.1%}{told}")
    print(f"    {'as they are':16} {first:6.1%}          {three:6.1%}")


def _homophones(slips: Slips, count: int, text: str, dice: random.Random) -> str:
    return slips.homophones(text, dice, count)


def _beside(asides: Sequence[tuple[str, str]], text: str, dice: random.Random) -> str:
    before, after = dice.choice(asides)
    return f"{before}{text}{after}"


def _shares(judged: Sequence[Judged]) -> tuple[float, float]:
    count = max(1, len(judged))
    return sum(one.first for one in judged) / count, sum(one.among_three for one in judged) / count
