"""Messages with and without secrets, made by a seed: every kind, notation, neighbour and position.

The templates were written without a look at the rules; they are no list of what the rules know.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SEED = 20261129
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


def harmless_cases() -> list[Case]:
    """Return the messages that hold none."""
    rng = random.Random(SEED + 1)  # noqa: S311
    found: list[Case] = []
    for make in (_orders, _amounts, _dates, _phones, _talk, _answers, _bare):
        found += make(rng)
    return found


def card_number(rng: random.Random) -> str:
    """Draw a card number of a real issuer with a true check digit."""
    prefix, length = rng.choice(list(BANKS.items()))
    body = prefix + _digits(rng, length - 1 - len(prefix))
    return next(body + last for last in "0123456789" if _luhn(body + last))


def id_number(rng: random.Random, last: str = "") -> str:
    """Draw an ID number with a true check digit, `last` where one is wished for."""
    while True:
        region = rng.choice(["110105", "310115", "440305", "510107", "330106", "420111", "610113"])
        day = f"{rng.randint(1950, 2007)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        body = region + day + _digits(rng, 3)
        total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
        check = "10X98765432"[total % 11]
        if not last or check == last:
            return body + check


def _luhn(digits: str) -> bool:
    doubled = [int(char) * (1 + place % 2) for place, char in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _code(rng: random.Random) -> str:
    return rng.choice("123456789") + _digits(rng, 5)


def _password(rng: random.Random) -> str:
    words = WORDS["password_words"]
    forms: list[Callable[[], str]] = [
        lambda: _digits(rng, 6),
        lambda: rng.choice(words) + _digits(rng, rng.randint(2, 5)),
        lambda: rng.choice(words).capitalize() + _digits(rng, 4) + rng.choice("!@#$"),
        lambda: rng.choice(words) + "_" + _digits(rng, 3),
        lambda: _digits(rng, 4) + rng.choice(words),
        lambda: rng.choice(words) + "@" + _digits(rng, 3),
    ]
    return rng.choice(forms)()


def _around(rng: random.Random, text: str) -> str:
    return rng.choice(BEFORE) + text + rng.choice(AFTER)


def _written(rng: random.Random, digits: str) -> str:
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


def _passwords(rng: random.Random) -> Iterator[Case]:
    words = WORDS["passwords_words"]
    links = WORDS["passwords_links"]
    letters = WORDS["passwords_letters"]
    for word in words:
        for link in links:
            for _ in range(4):
                value = _password(rng)
                yield Case(_around(rng, f"{word}{link}{value}"), (value,), "password")
    for word in ("密码", "支付密码", "登录密码"):
        for link in (" ", "是", "：", "改成"):
            for value in letters:
                yield Case(rng.choice(BEFORE) + f"{word}{link}{value}", (value,), "password")
    forms = WORDS["passwords_forms"]
    for form in forms:
        for _ in range(12):
            value = _digits(rng, 6)
            yield Case(_around(rng, form.format(value)), (value,), "password")
    pairs = WORDS["passwords_pairs"]
    for form in pairs:
        for _ in range(15):
            one, two = _digits(rng, 6), _digits(rng, 6)
            yield Case(_around(rng, form.format(one, two)), (one, two), "second password")
    for _ in range(80):
        digits = _digits(rng, 6)
        text = f"支付密码{rng.choice(['是', '：', ' '])}{_written(rng, digits)}"
        yield Case(_around(rng, text), (digits,), "written password")


def _codes(rng: random.Random) -> Iterator[Case]:
    words = WORDS["codes_words"]
    forms = WORDS["codes_forms"]
    for word in words:
        for form in forms:
            value = _code(rng)
            yield Case(_around(rng, form.format(w=word, v=value)), (value,), "code")
            if word in ("验证码", "短信验证码"):
                shown = form.format(w=word, v=_written(rng, value))
                yield Case(_around(rng, shown), (value,), "written code")
    bare = WORDS["codes_bare"]
    for form in bare:
        for _ in range(12):
            value = _code(rng)
            yield Case(form.format(value), (value,), "bare code")
            talk = (
                ("customer", "收不到验证码"),
                ("bot", "请检查短信拦截"),
                ("customer", "验证码收到了"),
            )
            length = rng.choice([4, 5, 6, 6, 8])
            value = rng.choice("23456789") + _digits(rng, length - 1)
            if value[:2] in ("95", "96"):
                value = "7" + value[1:]
            yield Case(form.format(value), (value,), "code when asked", talk)


def _sms(rng: random.Random) -> Iterator[Case]:
    forms = WORDS["sms_forms"]
    for form in forms:
        for prefix in ("", "", "短信写的：", "收到了 "):
            for _ in range(4):
                value = _code(rng)
                yield Case(prefix + form.format(value), (value,), "sms")


def _cards(rng: random.Random) -> Iterator[Case]:
    groups: list[Callable[[str], str]] = [
        lambda c: c, lambda c: c, lambda c: " ".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "-".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "，".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "、".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: "".join(f"({c[i : i + 4]})" for i in range(0, len(c), 4)),
        lambda c: "    ".join(c[i : i + 4] for i in range(0, len(c), 4)),
        lambda c: c.translate(WIDE), lambda c: c.translate(SPOKEN), lambda c: " ".join(c),
        lambda c: "".join(d + "\ufe0f\u20e3" for d in c), lambda c: f"{c[:6]} {c[6:]}",
        lambda c: "\u200b".join(c[i : i + 4] for i in range(0, len(c), 4)), lambda c: "、".join(c),
    ]  # fmt: skip
    words = WORDS["cards_words"]
    for group in groups:
        for word in words:
            for _ in range(3):
                card = card_number(rng)
                yield Case(_around(rng, word + group(card)), (card,), "card")
    for word in ("卡号", "卡号是", "银行卡", "银行卡号：", "信用卡号 ", "我的银行卡是", "储蓄卡"):
        for _ in range(25):
            digits = rng.choice("123456789") + _digits(rng, rng.randint(11, 18))
            yield Case(_around(rng, word + digits), (digits,), "mistyped card")


def _ids(rng: random.Random) -> Iterator[Case]:
    words = WORDS["ids_words"]
    for word in words:
        for last in ("", "X"):
            for _ in range(12):
                number = id_number(rng, last)
                for shown in (number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"):
                    yield Case(_around(rng, word + shown), (number,), "id")
                yield Case(word + number + rng.choice("帮是的我"), (number,), "id")
        if word:
            for _ in range(25):
                number = id_number(rng)
                wrong = number[:-1] + rng.choice([d for d in "0123456789X" if d != number[-1]])
                yield Case(_around(rng, word + wrong), (wrong,), "mistyped id")


def _card_data(rng: random.Random) -> Iterator[Case]:
    words = WORDS["card_data_words"]
    for word in words:
        for _ in range(10):
            value = _digits(rng, 3)
            gap = "" if word[-1] in "：是 " else rng.choice([" ", "是", "：", ":", " 是 "])
            yield Case(_around(rng, f"{word}{gap}{value}"), (value,), "cvv")
    for word in ("有效期", "卡有效期", "有效期是", "有效期：", "到期日 ", "信用卡有效期到"):
        for form in ("{:02}/{:02}", "{:02}{:02}", "{:02}-{:02}", "{:02} / {:02}", "{:02}/20{:02}"):
            for _ in range(4):
                month, year = rng.randint(1, 12), rng.randint(26, 35)
                shown = form.format(month, year)
                digits = "".join(char for char in shown if char.isdigit())
                yield Case(_around(rng, word + shown), (digits,), "expiry")
    for _ in range(60):
        card, cvv = card_number(rng), _digits(rng, 3)
        expiry = f"{rng.randint(1, 12):02}/{rng.randint(26, 35)}"
        text = rng.choice([f"{card} {expiry} {cvv}", f"{card}，{expiry}，{cvv}"])
        yield Case(text, (card, expiry.replace("/", ""), cvv), "whole card")


def _halves(rng: random.Random) -> Iterator[Case]:
    for _ in range(60):
        card = card_number(rng)
        cut = rng.choice([4, 6, 8, 10])
        word = rng.choice(["卡号 ", "", "银行卡", "卡号是"])
        first = word + " ".join(card[i : i + 4] for i in range(0, cut, 4))[: cut + cut // 4]
        half = "".join(char for char in first if char.isdigit())
        rest = card[len(half) :]
        shown = rng.choice([rest, f"{rest[:4]} {rest[4:]}"])
        yield Case(shown, (rest,), "second half", (("customer", first), ("bot", "收到")))
        number = id_number(rng)
        talk = (("customer", f"身份证{number[:10]}"), ("agent", "嗯"))
        yield Case(number[10:], (number[10:],), "second half", talk)
    for first in ("密码", "我的密码是", "支付密码：", "登录密码"):
        for _ in range(12):
            value = _password(rng)
            yield Case(value, (value,), "said in two", (("customer", first), ("bot", "请别发")))
    for first in ("验证码", "验证码是", "收到的验证码："):
        for _ in range(12):
            value = _code(rng)
            yield Case(value, (value,), "said in two", (("customer", first),))
    for _ in range(12):
        value = _digits(rng, 3)
        yield Case(value, (value,), "said in two", (("customer", "CVV是"),))


def _orders(rng: random.Random) -> Iterator[Case]:
    words = WORDS["orders_words"]
    for word in words:
        for length in (8, 10, 12, 13, 15, 16, 17, 18, 20, 24, 28):
            for _ in range(5):
                number = rng.choice("123456789") + _digits(rng, length - 1)
                if number[:2] == "62" and length in (16, 19):
                    number = "20" + number[2:]
                yield Case(_around(rng, word + number), (), "order number")
        for _ in range(8):
            day = f"2026{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
            yield Case(_around(rng, word + day + _digits(rng, 10)), (), "order number")
            yield Case(_around(rng, f"{word}TX{day}{_digits(rng, 4)}"), (), "order number")
    for _ in range(300):
        number = rng.choice("123456789") + _digits(rng, 17)
        yield Case(number, (), "18 digits alone", (("agent", "请发一下订单号"),))


def _amounts(rng: random.Random) -> Iterator[Case]:
    forms = WORDS["amounts_forms"]
    for form in forms:
        for _ in range(20):
            amount = rng.choice(
                [
                    str(rng.randint(1, 99999)),
                    f"{rng.randint(1, 9999)}.{_digits(rng, 2)}",
                    str(rng.randint(1, 50) * 100),
                ]
            )
            yield Case(_around(rng, form.format(amount)), (), "amount")


def _dates(rng: random.Random) -> Iterator[Case]:
    forms = WORDS["dates_forms"]
    for form in forms:
        for _ in range(15):
            day = form.format(y=rng.randint(2023, 2027), m=rng.randint(1, 12), d=rng.randint(1, 28))
            yield Case(_around(rng, day), (), "date", (("customer", "钱没到账"),))


def _phones(rng: random.Random) -> Iterator[Case]:
    forms = WORDS["phones_forms"]
    services = WORDS["phones_services"]
    for form in forms:
        for _ in range(12):
            number = "1" + rng.choice("3589") + _digits(rng, 9)
            shown = rng.choice(
                [
                    number,
                    f"{number[:3]} {number[3:7]} {number[7:]}",
                    f"{number[:3]}-{number[3:7]}-{number[7:]}",
                ]
            )
            yield Case(_around(rng, form.format(shown)), (), "phone")
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
            yield Case(_around(rng, form.format(number)), (), "service number")


def _talk(rng: random.Random) -> Iterator[Case]:
    texts = WORDS["talk_texts"]
    quiet = (("customer", "在吗"), ("bot", "您好，请问有什么可以帮您？"))
    for text in texts:
        for _ in range(4):
            yield Case(rng.choice(["", "", "你好，", "我"]) + text, (), "talk", quiet)


def _answers(rng: random.Random) -> Iterator[Case]:
    asks = WORDS["answers_asks"]
    values = WORDS["answers_values"]
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
