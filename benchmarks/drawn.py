"""Numbers, codes and passwords drawn by a seed, and the ways in which people write them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("secret_corpus.yml").read_text(encoding="utf-8")
)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
BEFORE = WORDS["before"]
AFTER = WORDS["after"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BANKS = {  # an issuer's first digits and the length of its numbers
    "622202": 19, "621700": 19, "622848": 19, "955880": 19, "955888": 19, "900000": 19,
    "103000": 19, "940001": 19, "988700": 16, "998800": 16, "601382": 19, "456351": 19,
    "405512": 17, "622588": 16, "625912": 16, "436742": 16, "518710": 16, "552599": 16,
    "356889": 16, "370246": 15, "222300": 16, "623668": 19, "621226": 19,
}  # fmt: skip


def card_number(rng: random.Random) -> str:
    """Draw a card number of a real issuer with a true check digit."""
    prefix, length = rng.choice(list(BANKS.items()))
    body = prefix + digits_of(rng, length - 1 - len(prefix))
    return next(body + last for last in "0123456789" if _luhn(body + last))


def id_number(rng: random.Random, last: str = "") -> str:
    """Draw an ID number with a true check digit, `last` where one is wished for."""
    while True:
        region = rng.choice(["110105", "310115", "440305", "510107", "330106", "420111", "610113"])
        day = f"{rng.randint(1950, 2007)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        body = region + day + digits_of(rng, 3)
        total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
        check = "10X98765432"[total % 11]
        if not last or check == last:
            return body + check


def _luhn(digits: str) -> bool:
    doubled = [int(char) * (1 + place % 2) for place, char in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def digits_of(rng: random.Random, count: int) -> str:
    """Draw so many digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def code(rng: random.Random) -> str:
    """Draw a code of six digits as it comes by SMS."""
    return rng.choice("123456789") + digits_of(rng, 5)


def password(rng: random.Random) -> str:
    """Draw a password in one of the forms that people choose."""
    words = WORDS["password_words"]
    forms: list[Callable[[], str]] = [
        lambda: digits_of(rng, 6),
        lambda: rng.choice(words) + digits_of(rng, rng.randint(2, 5)),
        lambda: rng.choice(words).capitalize() + digits_of(rng, 4) + rng.choice("!@#$"),
        lambda: rng.choice(words) + "_" + digits_of(rng, 3),
        lambda: digits_of(rng, 4) + rng.choice(words),
        lambda: rng.choice(words) + "@" + digits_of(rng, 3),
    ]
    return rng.choice(forms)()


def around(rng: random.Random, text: str) -> str:
    """Put words before and after, or none."""
    return rng.choice(BEFORE) + text + rng.choice(AFTER)


def written(rng: random.Random, digits: str) -> str:
    """Write digits in one of the ways in which people write them."""
    ways: list[Callable[[], str]] = [
        lambda: digits, lambda: digits, lambda: digits, lambda: digits.translate(WIDE),
        lambda: " ".join(digits), lambda: "-".join(digits), lambda: "，".join(digits),
        lambda: "、".join(digits), lambda: digits.translate(SPOKEN),
        lambda: "".join(d + "\ufe0f\u20e3" for d in digits), lambda: "\u200b".join(digits),
        lambda: f"{digits[:3]} {digits[3:]}" if len(digits) == 6 else digits,
        lambda: f"{digits[:3]}-{digits[3:]}" if len(digits) == 6 else digits,
    ]  # fmt: skip
    return rng.choice(ways)()
