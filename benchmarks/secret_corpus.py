"""Messages with secrets, made by a seed: every kind, notation, neighbour and position.

The templates were written without a look at the rules; they are no list of what the rules know.
Those without secrets stand in harmless_corpus.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import drawn

SEED = 20261129


@dataclass(frozen=True, slots=True)
class Case:
    """A message. secrets: what must not stay of it, without separators; none where all must stay.

    before: (who, text) of what was said, the newest last. group: what the rates are told by.
    """

    text: str
    secrets: tuple[str, ...]
    group: str
    before: tuple[tuple[str, str], ...] = ()
    expects: str | None = None


def secret_cases() -> list[Case]:
    """Return the messages that hold secrets."""
    rng = random.Random(SEED)  # noqa: S311
    found: list[Case] = []
    for make in (_passwords, _codes, _sms, _cards, _ids, _card_data, _halves):
        found += make(rng)
    return found


def _passwords(rng: random.Random) -> Iterator[Case]:
    words = drawn.WORDS["passwords_words"]
    links = drawn.WORDS["passwords_links"]
    letters = drawn.WORDS["passwords_letters"]
    for word in words:
        for link in links:
            for _ in range(4):
                value = drawn.password(rng)
                yield Case(drawn.around(rng, f"{word}{link}{value}"), (value,), "password")
    for word in ("密码", "支付密码", "登录密码"):
        for link in (" ", "是", "：", "改成"):
            for value in letters:
                yield Case(rng.choice(drawn.BEFORE) + f"{word}{link}{value}", (value,), "password")
    forms = drawn.WORDS["passwords_forms"]
    for form in forms:
        for _ in range(12):
            value = drawn.digits_of(rng, 6)
            yield Case(drawn.around(rng, form.format(value)), (value,), "password")
    pairs = drawn.WORDS["passwords_pairs"]
    for form in pairs:
        for _ in range(15):
            one, two = drawn.digits_of(rng, 6), drawn.digits_of(rng, 6)
            yield Case(drawn.around(rng, form.format(one, two)), (one, two), "second password")
    for _ in range(80):
        digits = drawn.digits_of(rng, 6)
        text = f"支付密码{rng.choice(['是', '：', ' '])}{drawn.written(rng, digits)}"
        yield Case(drawn.around(rng, text), (digits,), "written password")


def _codes(rng: random.Random) -> Iterator[Case]:
    words = drawn.WORDS["codes_words"]
    forms = drawn.WORDS["codes_forms"]
    for word in words:
        for form in forms:
            value = drawn.code(rng)
            yield Case(drawn.around(rng, form.format(w=word, v=value)), (value,), "code")
            if word in ("验证码", "短信验证码"):
                shown = form.format(w=word, v=drawn.written(rng, value))
                yield Case(drawn.around(rng, shown), (value,), "written code")
    bare = drawn.WORDS["codes_bare"]
    for form in bare:
        for _ in range(12):
            value = drawn.code(rng)
            yield Case(form.format(value), (value,), "bare code")
            talk = (
                ("customer", "收不到验证码"),
                ("bot", "请检查短信拦截"),
                ("customer", "验证码收到了"),
            )
            length = rng.choice([4, 5, 6, 6, 8])
            value = rng.choice("23456789") + drawn.digits_of(rng, length - 1)
            if value[:2] in ("95", "96"):
                value = "7" + value[1:]
            yield Case(form.format(value), (value,), "code when asked", talk)


def _sms(rng: random.Random) -> Iterator[Case]:
    forms = drawn.WORDS["sms_forms"]
    for form in forms:
        for prefix in ("", "", "短信写的：", "收到了 "):
            for _ in range(4):
                value = drawn.code(rng)
                yield Case(prefix + form.format(value), (value,), "sms")


def _cards(rng: random.Random) -> Iterator[Case]:
    groups: list[Callable[[str], str]] = [
        lambda c: c, lambda c: c, lambda c: " ".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "-".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "，".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "、".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "".join(f"({c[i : i + 4]})" for i in range(0, len(c), 4)),
        lambda c: "    ".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: c.translate(drawn.WIDE), lambda c: c.translate(drawn.SPOKEN),
        lambda c: " ".join(c),
        lambda c: "".join(d + "\ufe0f\u20e3" for d in c), lambda c: f"{c[:6]} {c[6:]}",
        lambda c: "\u200b".join(c[i : i + 4] for i in range(0, len(c), 4)), lambda c: "、".join(c),
    ]  # fmt: skip
    words = drawn.WORDS["cards_words"]
    for group in groups:
        for word in words:
            for _ in range(3):
                card = drawn.card_number(rng)
                yield Case(drawn.around(rng, word + group(card)), (card,), "card")
    for word in ("卡号", "卡号是", "银行卡", "银行卡号：", "信用卡号 ", "我的银行卡是", "储蓄卡"):
        for _ in range(25):
            digits = rng.choice("123456789") + drawn.digits_of(rng, rng.randint(11, 18))
            yield Case(drawn.around(rng, word + digits), (digits,), "mistyped card")


def _ids(rng: random.Random) -> Iterator[Case]:
    words = drawn.WORDS["ids_words"]
    for word in words:
        for last in ("", "X"):
            for _ in range(12):
                number = drawn.id_number(rng, last)
                for shown in (number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"):
                    yield Case(drawn.around(rng, word + shown), (number,), "id")
                yield Case(word + number + rng.choice("帮是的我"), (number,), "id")
        if word:
            for _ in range(25):
                number = drawn.id_number(rng)
                wrong = number[:-1] + rng.choice([d for d in "0123456789X" if d != number[-1]])
                yield Case(drawn.around(rng, word + wrong), (wrong,), "mistyped id")


def _card_data(rng: random.Random) -> Iterator[Case]:
    words = drawn.WORDS["card_data_words"]
    for word in words:
        for _ in range(10):
            value = drawn.digits_of(rng, 3)
            gap = "" if word[-1] in "：是 " else rng.choice([" ", "是", "：", ":", " 是 "])
            yield Case(drawn.around(rng, f"{word}{gap}{value}"), (value,), "cvv")
    for word in ("有效期", "卡有效期", "有效期是", "有效期：", "到期日 ", "信用卡有效期到"):
        for form in ("{:02}/{:02}", "{:02}{:02}", "{:02}-{:02}", "{:02} / {:02}", "{:02}/20{:02}"):
            for _ in range(4):
                month, year = rng.randint(1, 12), rng.randint(26, 35)
                shown = form.format(month, year)
                digits = "".join(char for char in shown if char.isdigit())
                yield Case(drawn.around(rng, word + shown), (digits,), "expiry")
    for _ in range(60):
        card, cvv = drawn.card_number(rng), drawn.digits_of(rng, 3)
        expiry = f"{rng.randint(1, 12):02}/{rng.randint(26, 35)}"
        text = rng.choice([f"{card} {expiry} {cvv}", f"{card}，{expiry}，{cvv}"])
        yield Case(text, (card, expiry.replace("/", ""), cvv), "whole card")


def _halves(rng: random.Random) -> Iterator[Case]:
    for _ in range(60):
        card = drawn.card_number(rng)
        cut = rng.choice([4, 6, 8, 10])
        word = rng.choice(["卡号 ", "", "银行卡", "卡号是"])
        first = word + " ".join(card[i : i + 4] for i in range(0, cut, 4))[: cut + cut // 4]
        half = "".join(char for char in first if char.isdigit())
        rest = card[len(half) :]
        shown = rng.choice([rest, f"{rest[:4]} {rest[4:]}"])
        yield Case(shown, (rest,), "second half", (("customer", first), ("bot", "收到")))
        number = drawn.id_number(rng)
        talk = (("customer", f"身份证{number[:10]}"), ("agent", "嗯"))
        yield Case(number[10:], (number[10:],), "second half", talk)
    for first in ("密码", "我的密码是", "支付密码：", "登录密码"):
        for _ in range(12):
            value = drawn.password(rng)
            yield Case(value, (value,), "said in two", (("customer", first), ("bot", "请别发")))
    for first in ("验证码", "验证码是", "收到的验证码："):
        for _ in range(12):
            value = drawn.code(rng)
            yield Case(value, (value,), "said in two", (("customer", first),))
    for _ in range(12):
        value = drawn.digits_of(rng, 3)
        yield Case(value, (value,), "said in two", (("customer", "CVV是"),))
