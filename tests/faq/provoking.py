"""Bad files of every kind, and the problems that reading them brings."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from faq import kinds, retention
from search import BadContent, Settings, open_engine
from search.content import read_content, read_folder
from search.dialogue import LISTS
from search.documents import read_faq
from search.errors import Problem
from search.files import LARGEST_FAQ
from search.further import read_points
from search.kept import Kept, load_texts
from tests.faq.conftest import ROOT, write
from tests.faq.test_broken_files import BY_HAND, GOOD, VARIABLES

TOPIC = "topics:\n  - "

OWN_FILES = ("variables.yml", "categories.yml")

LEXICON = (
    "synonyms.yml", "typos.yml", "readings.yml", "smalltalk.yml", "beyond.yml", "human.yml",
    "asides.yml",
)  # fmt: skip

NO_YAML = (
    b"a: b: c\n",
    b"a: 'b\n",
    b'a: "b\n',
    b"a: [b\n",
    b"a: {b\n",
    b"a: b}\n- c\n",
    b"a:\n\t- b\n",
    b"a: @b\n",
    b"a: `b\n",
    b"a: %b\n",
    b"a: *b\n",
    b"a: &b *b\n",
    b"a: !!python/object:os.x {}\n",
    b"a: |x\n",
    b"a\nb: c\n",
    b"a: b\n  c: d\n",
    b"---\na: b\n---\nc: d\n",
    b"a: \x07\n",
    b"\xff\xfe\x00",
    b"?\n",
)

NO_SHAPE = (b"", b"[]\n", b"text\n", b"a: [b]\n", b"a: 1\n")

SHAPES = {
    "words.txt": ("转人工", "转人工 many", "转 人工 9", "it's", '"it\'s"'),
    "synonyms.yml": ("groups: 转账", "groups:\n  - 转账", "groups: {a: b}", "groups:\n  - {a: b}"),
    "typos.yml": ("typos: [退宽]", "typos: 退宽"),
    "readings.yml": ("readings: [a]", "readings: ling", "readings:\n  还款: huan"),
    "smalltalk.yml": (
        "topics: 问候",
        f"{TOPIC}问候",
        f"{TOPIC}",
        f"{TOPIC}{{id: greet}}",
        f"{TOPIC}{{title: 问候, messages: [你好]}}",
        f"{TOPIC}{{id: greet, title: 问候, messages: 你好}}",
        f"{TOPIC}{{id: greet, title: 问候, messages: }}",
        f"{TOPIC}{{id: greet, title: 问候, messages: {{a: b}}}}",
    ),
    "human.yml": ("phrases: 转人工", "phrases: {a: b}"),
    "asides.yml": (
        "wallets: 支付宝",
        "wallets:",
        "wallets: {a: b}",
        "names: [支付宝]",
        "wallets: [支付宝]\nopeners: 请问",
        "wallets: [支付宝]\nopeners: [请问]",
        "wallets: [支付宝]\nopeners: [请问]\nclosers: [谢谢]\nalone: 请问",
    ),
}

OTHERS = {
    kinds.HOURS: (
        "channels: 1",
        "channels: {chat: {someday: 9-10}}",
        "channels: {chat: {mon: '9'}}",
        "timezone: Nowhere/At-all\nchannels: {}",
    ),
    kinds.CANNED: ("a: {title: 问候}", "a: {title: 问候, text: 您好, words: 您好}"),
    kinds.DETAILS: ("amount: {anywhere: ['(']}", "amount: {anywhere: [元]}", "amount: {bare: 元}"),
    kinds.WALLET: ("says: {one: 1}", "says: {one: 是这笔吗}"),
    retention.FILE: ("videos: 3", "pictures: soon", "pictures: 0", "pictures: true"),
    kinds.REPLIES: (
        "common: {}\nsteps: {}",
        "".join(f"{name}: []\n" for name in LISTS) + "common: {yes: [true]}\nsteps: {a: b}",
        "".join(f"{name}: []\n" for name in LISTS) + "common: {solved: 好了}\nsteps: {}",
        "".join(f"{name}: [[a]]\n" for name in LISTS) + "common: {}\nsteps: []",
    ),
}

# Values that Python writes otherwise than the file has them.
ODD = (
    ("  - 刷不过", "  - it's\n  - it's"),
    ("  - 刷不过", "  - 2026-01-01"),
    ("  - 刷不过", "  - ' '"),
    ("question: 支付失败怎么办", "question: 2026-01-01"),
    ("question: 支付失败怎么办", "question: 2026-01-01 10:00:00"),
    ("related: [refund-how]", "1: 2"),
    ("related: [refund-how]", "null: 2"),
    ("id: pay-failed", 'id: "it\'s"'),
    ("updated: 2026-11-21", 'updated: 2026-11-21\nflow: "it\'s"'),
    ("updated: 2026-11-21", 'updated: 2026-11-21\ncategory: "it\'s"'),
    ("related: [refund-how]", 'related: ["no such", "it\'s"]'),
    ("  - 刷不过", "\n".join(f"  - 刷不过{number}" for number in range(1_001))),
)


def faq_files(data: Path) -> Iterator[Problem]:
    path = data / "faq" / "payment" / "pay-failed.md"
    for text in (*BY_HAND, *(GOOD.replace(old, new) for old, new in ODD)):
        yield from read_faq(path, text, VARIABLES)[1]
    for raw in NO_YAML:
        yield from read_faq(path, f"---\n{raw.decode('latin-1')}---\n\n答。\n", VARIABLES)[1]
        for key in ("question", "similar"):
            piece = f"{key}: {raw.decode('latin-1')[3:]}"
            yield from read_faq(path, GOOD.replace(f"{key}:", piece, 1), VARIABLES)[1]


def blamed(data: Path, name: str, raw: bytes | None) -> Iterator[Problem]:
    """Read the folder while one of its files holds this (None: is gone)."""
    path = data / name
    before = path.read_bytes()
    try:
        if raw is None:
            path.unlink()
        else:
            path.write_bytes(raw)
        try:
            yield from read_content(data).problems
        except BadContent as error:
            yield from error.problems
    finally:
        path.write_bytes(before)


def own_files(data: Path) -> Iterator[Problem]:
    names = (*OWN_FILES, *(f"lexicon/{name}" for name in LEXICON))
    for name, raw in itertools.product(names, (None, *NO_YAML, *NO_SHAPE)):
        yield from blamed(data, name, raw)
    for raw in (None, b"\xff\xfe\x00"):
        yield from blamed(data, "lexicon/words.txt", raw)
    for name, texts in SHAPES.items():
        for text in texts:
            yield from blamed(data, f"lexicon/{name}", text.encode())


def voices(data: Path) -> Iterator[Problem]:
    for folder, author, raw in (
        ("no-such", "lhasa-driver", b""),
        ("it's", "lhasa-driver", b""),
        ("refund-how", "Lhasa Driver", b""),
        ("refund-how", "it's", b""),
        ("refund-how", "lhasa-driver", b"\xff\xfe\x00"),
    ):
        path = data / "voices" / folder / f"{author}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        yield from read_content(data).problems
        path.unlink()


def folders(data: Path) -> Iterator[Problem]:
    """What one file alone does not show: categories, doubles, related FAQs, nothing left."""
    yield from blamed(data, "faq/payment/pay-failed.md", b"\xff\xfe\x00")
    for folder, related in (("kites", "x"), ("it's", "x"), ("refund", "no-such")):
        path = write(data, "pay-failed", folder=folder)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("[refund-how]", f"[{related}]"), encoding="utf-8")
        yield from read_content(data).problems
        path.unlink()
    engine = open_engine(Settings(data, data.parent / "index"))
    double = write(data, "pay-failed", folder="refund")
    os.utime(double, (1_700_000_000, 1_700_000_000))
    engine.refresh()
    yield from engine.problems
    for path in (data / "faq").glob("*/*.md"):
        path.unlink()
    engine.refresh()
    yield from engine.problems


def no_plain_files(data: Path) -> Iterator[Problem]:
    """What stands where a file should."""
    folder = data / "faq" / "payment"
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe.md")
    (folder / "gone.md").symlink_to(folder / "nowhere")
    (folder / "round.md").symlink_to("round.md")
    (folder / "large.md").write_bytes(b"x" * (LARGEST_FAQ + 1))
    (data / "lexicon").rename(data / "words")
    (data / "lexicon").write_text("no folder", encoding="utf-8")
    yield from read_folder(data)[1]


def other_kinds(data: Path) -> Iterator[Problem]:
    """The files beside the index's: hours, ready answers, forbidden asks, replies."""
    for name in kinds.READERS:
        path = data / name
        path.parent.mkdir(exist_ok=True)
        before = path.read_bytes() if path.exists() else (ROOT / "data" / name).read_bytes()
        for raw in (*NO_YAML, *NO_SHAPE, *(text.encode() for text in OTHERS.get(name, ()))):
            path.write_bytes(raw)
            yield from kinds.problems(data, [name])
        path.write_bytes(before)
    own = data.parent / "accepted"
    phrases = Kept(data / kinds.FALLBACK, load_texts, own)
    (data / kinds.FALLBACK).unlink()
    for path in (data / kinds.FALLBACK, data / "never.yml"):
        try:
            phrases = Kept(path, load_texts, own)
            yield from phrases.problems
        except BadContent as error:
            yield from error.problems


def points(data: Path) -> Iterator[Problem]:
    """Provoke what can be wrong with what customers ask next."""
    for raw in (b"a: b\n", b"- {asks: [], says: x}\n"):
        try:
            read_points(data / "further" / "refund.yml", raw)
        except BadContent as error:
            yield from error.problems
