"""Text to terms: jieba words, characters, pinyin, and the standard terms behind the words."""

from __future__ import annotations

import copy
import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import jieba

from search.lexicon import Lexicon
from search.normalise import Normaliser, Rewriter, without_tail
from search.pinyin import Pinyin

FIELDS = ("words", "chars", "pinyin", "terms")
# Stock entries below this frequency are rare names; they cost 70 MB and split nothing right.
MIN_FREQUENCY = 20
# True lets all analysers of a process begin with one dictionary in memory. A process that serves
# opens one or two and would only hold the words twice; the tests open a thousand.
KEEPS_STOCK = False
_stock: list[jieba.Tokenizer] = []
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|[0-9]+|[\U0001f300-\U0001faff]")
_COMMON = re.compile(r"[\u4e00-\u9fd5]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Analysed:
    """A text with its terms by field; a term may repeat."""

    text: str
    standard: str
    words: tuple[str, ...]
    chars: tuple[str, ...]
    pinyin: tuple[str, ...]
    terms: tuple[str, ...]
    sound: str


class Analyser:
    """Normalises and splits; made once per lexicon, safe to share between threads."""

    def __init__(self, lexicon: Lexicon, folder: Path) -> None:
        """Prepare the dictionary under `folder` (created 0700: jieba trusts any cache it finds)."""
        self.normalise = Normaliser()
        self._tokenizer = _tokenizer(lexicon, folder)
        self.pinyin = Pinyin(lexicon.readings)
        self._take(lexicon)

    def _take(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        normal = {
            self.normalise(key): self.normalise(term) for key, term in lexicon.synonyms.items()
        }
        # 怎么 is a standard term: the listed 怎 in it is none.
        normal = {term: term for term in normal.values()} | normal
        typos = {self.normalise(key): self.normalise(term) for key, term in lexicon.typos.items()}
        self._synonyms = Rewriter(normal)
        self._typos = Rewriter(typos)
        self._no_words = Rewriter({typo: typos[typo] for typo in typos if not self.is_word(typo)})

    def with_lexicon(self, lexicon: Lexicon) -> Analyser:
        """Return an analyser with another lexicon, without loading the dictionary again.

        A word that the lexicon no longer lists stays a word, if of the least frequency.
        """
        if lexicon is self.lexicon:
            return self
        found = copy.copy(self)
        if lexicon.words != self.lexicon.words:
            found._tokenizer = _with_words(self._tokenizer, self.lexicon, lexicon)
        if lexicon.readings != self.lexicon.readings:
            found.pinyin = Pinyin(lexicon.readings)
        found._take(lexicon)
        return found

    def is_word(self, text: str) -> bool:
        """Tell whether the dictionary lists a normalised text as one word."""
        return bool(self._tokenizer.FREQ.get(text))

    def standard(self, text: str) -> str:
        """Rewrite a normalised text with listed typos corrected and synonyms replaced."""
        return self._synonyms(self.corrected(text))

    def corrected(self, text: str, *, words: bool = True) -> str:
        """Correct the listed typos of a normalised text; words: also real words (体现)."""
        return (self._typos if words else self._no_words)(text)

    def cut(self, text: str) -> list[str]:
        """Split a normalised text into jieba's words, without punctuation."""
        found: list[str] = []
        for run in _RUNS.findall(text):
            found += self._cut(run) if _HAN.match(run) else [run]
        return found

    def _cut(self, run: str) -> list[str]:
        tokenizer = self._tokenizer
        if not _COMMON.fullmatch(run):
            return list(tokenizer.lcut(run, HMM=False))
        # What lcut does with a run of characters, without looking for other text in it.
        route: dict[int, tuple[float, int]] = {}
        tokenizer.calc(run, tokenizer.get_DAG(run), route)
        found: list[str] = []
        at = 0
        while at < len(run):
            end = route[at][1] + 1
            found.append(run[at:end])
            at = end
        return found

    def grams(self, raw: str) -> list[str]:
        """Split a text as typed into characters and pairs of them, and no more."""
        return _grams(_RUNS.findall(self.normalise(raw)))

    def __call__(self, raw: str) -> Analysed:
        """Analyse a text as typed."""
        text = without_tail(self.normalise(raw))
        standard = self.standard(text)
        runs = _RUNS.findall(text)
        syllables = self.pinyin(runs)
        words = self.cut(text)
        terms = self.cut(standard) if standard != text else words
        return Analysed(
            text=text,
            standard=standard,
            words=tuple(words),
            chars=tuple(_grams(runs)),
            pinyin=tuple(syllables) + tuple(_pairs(syllables)),
            terms=tuple(terms) + tuple(_pairs(terms)),
            sound=" ".join(syllables),
        )


def _grams(runs: list[str]) -> list[str]:
    grams: list[str] = []
    for run in runs:
        if _HAN.match(run):
            grams.extend(run)
            grams.extend(run[start : start + 2] for start in range(len(run) - 1))
        else:
            grams.append(run)
    return grams


def _pairs(units: list[str]) -> list[str]:
    return [f"{first}_{second}" for first, second in pairwise(units)]


def _tokenizer(lexicon: Lexicon, folder: Path) -> jieba.Tokenizer:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    tokenizer = _copy(_stock[0]) if KEEPS_STOCK and _stock else _read_stock(folder)
    if KEEPS_STOCK and not _stock:
        _stock.append(_copy(tokenizer))
    for word, frequency in lexicon.words:
        tokenizer.add_word(word.lower(), frequency)
    return tokenizer


def _read_stock(folder: Path) -> jieba.Tokenizer:
    dictionary = folder / f"from-{MIN_FREQUENCY}.txt"  # another bound, another file
    if not dictionary.exists():
        _write_dictionary(dictionary)
    tokenizer = jieba.Tokenizer(str(dictionary.resolve()))
    tokenizer.tmp_dir = str(folder)
    jieba.setLogLevel("WARNING")
    tokenizer.initialize()
    return tokenizer


def _copy(tokenizer: jieba.Tokenizer) -> jieba.Tokenizer:
    found = copy.copy(tokenizer)
    found.FREQ = dict(tokenizer.FREQ)
    found.user_word_tag_tab = dict(tokenizer.user_word_tag_tab)
    return found


def _with_words(tokenizer: jieba.Tokenizer, before: Lexicon, after: Lexicon) -> jieba.Tokenizer:
    """Copy a tokenizer with other words of the lexicon; the one in use stays as it is."""
    found = _copy(tokenizer)
    kept = {word for word, _ in after.words}
    for word, _ in before.words:
        if word not in kept:
            found.add_word(word.lower(), 1)
    for word, frequency in after.words:
        found.add_word(word.lower(), frequency)
    return found


def _write_dictionary(path: Path) -> None:
    stock = Path(jieba.__file__).with_name("dict.txt")
    part = path.with_suffix(f".{os.getpid()}")
    with stock.open(encoding="utf-8") as lines, part.open("w", encoding="utf-8") as out:
        for line in lines:
            if int(line.split(" ")[1]) >= MIN_FREQUENCY:
                out.write(line)
    part.replace(path)
