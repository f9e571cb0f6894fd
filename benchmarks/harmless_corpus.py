"""Messages that look as if they held secrets and hold none, made by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks import drawn
from benchmarks.secret_corpus import SEED, Case


def harmless_cases() -> list[Case]:
    """Return the messages that hold none."""
    rng = random.Random(SEED + 1)  # noqa: S311
    found: list[Case] = []
    for make in (_orders, _amounts, _dates, _phones, _talk, _answers, _bare):
        found += make(rng)
    return found


def _orders(rng: random.Random) -> Iterator[Case]:
    words = drawn.WORDS["orders_words"]
    for word in words:
        for length in (8, 10, 12, 13, 15, 16, 17, 18, 20, 24, 28):
            for _ in range(5):
                number = rng.choice("123456789") + drawn.digits_of(rng, length - 1)
                if number[:2] == "62" and length in (16, 19):
                    number = "20" + number[2:]
                yield Case(drawn.around(rng, word + number), (), "order number")
        for _ in range(8):
            day = f"2026{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
            yield Case(drawn.around(rng, word + day + drawn.digits_of(rng, 10)), (), "order number")
            yield Case(
                drawn.around(rng, f"{word}TX{day}{drawn.digits_of(rng, 4)}"), (), "order number"
            )
    for _ in range(300):
        number = rng.choice("123456789") + drawn.digits_of(rng, 17)
        yield Case(number, (), "18 digits alone", (("agent", "请发一下订单号"),))


def _amounts(rng: random.Random) -> Iterator[Case]:
    forms = drawn.WORDS["amounts_forms"]
    for form in forms:
        for _ in range(20):
            amount = rng.choice(
                [
                    str(rng.randint(1, 99999)),
                    f"{rng.randint(1, 9999)}.{drawn.digits_of(rng, 2)}",
                    str(rng.randint(1, 50) * 100),
                ]
            )
            yield Case(drawn.around(rng, form.format(amount)), (), "amount")


def _dates(rng: random.Random) -> Iterator[Case]:
    forms = drawn.WORDS["dates_forms"]
    for form in forms:
        for _ in range(15):
            day = form.format(y=rng.randint(2023, 2027), m=rng.randint(1, 12), d=rng.randint(1, 28))
            yield Case(drawn.around(rng, day), (), "date", (("customer", "钱没到账"),))


def _phones(rng: random.Random) -> Iterator[Case]:
    forms = drawn.WORDS["phones_forms"]
    services = drawn.WORDS["phones_services"]
    for form in forms:
        for _ in range(12):
            number = "1" + rng.choice("3589") + drawn.digits_of(rng, 9)
            shown = rng.choice(
                [
                    number,
                    f"{number[:3]} {number[3:7]} {number[7:]}",
                    f"{number[:3]}-{number[3:7]}-{number[7:]}",
                ]
            )
            yield Case(drawn.around(rng, form.format(shown)), (), "phone")
    for form in (
        "{}",
        "{}是什么电话",
        "打{}打不通",
        "{}来电说我欠费",
        "尾号{}",
        "{}发来的验证码没用",
        "{}发的短信",
    ):
        for number in services:
            yield Case(drawn.around(rng, form.format(number)), (), "service number")


def _talk(rng: random.Random) -> Iterator[Case]:
    texts = drawn.WORDS["talk_texts"]
    quiet = (("customer", "在吗"), ("bot", "您好，请问有什么可以帮您？"))
    for text in texts:
        for _ in range(4):
            yield Case(rng.choice(["", "", "你好，", "我"]) + text, (), "talk", quiet)


def _answers(rng: random.Random) -> Iterator[Case]:
    asks = drawn.WORDS["answers_asks"]
    values = drawn.WORDS["answers_values"]
    for ask in asks:
        for value in values:
            for form in ("{}", "是{}", "{}。", "好的，{}"):
                yield Case(form.format(value), (), "answer to an agent", (ask,))
    later = (("agent", "扣了多少钱？订单号？哪天？"), ("customer", "1500"))
    for value in values:
        yield Case(value, (), "answer to an agent", later)
        for expects in ("amount", "order_number", "time"):
            yield Case(value, (), "answer to the bot", (("bot", "请问？"),), expects)


def _bare(rng: random.Random) -> Iterator[Case]:
    talk = (("customer", "钱没到账"), ("bot", "请问有什么可以帮您？"))
    for _ in range(60):
        for count in (1, 2, 3, 4):
            yield Case(str(rng.randint(10 ** (count - 1), 10**count - 1)), (), "bare number", talk)
        yield Case(str(rng.randint(1, 99) * 100), (), "bare number", talk)
