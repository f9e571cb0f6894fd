"""The pieces that a message is read in."""

from __future__ import annotations

import re

# What ends a clause; a blank does where people type without punctuation.
CLAUSES = re.compile(r"[\s,，。.!！?？;；、~～…:：\n]+")
# A message of so many pieces, all but one no longer than a word, is one clause with blanks in it.
SPACED, WORD = 4, 3
_HAN = re.compile(r"[\u3400-\u9fff]")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_QUESTION = re.compile(r"[?？]")
# Words and endings that ask; 还没 and 也不 do not, 好了没 and 能提高不 do.
_ASKS = re.compile(
    r"[?？]|吗|呢\W*$|么\W*$|怎么|怎样|如何|咋|为什么|为啥|为何|凭什么|凭啥|点解|点样|边度|"
    r"多久|多少|多长|多大|哪|几[天点个时号次张笔位种成多耐]|什么时候|啥|什么|谁|"
    r"点[算搞做]|乜|咩|边[个笔张处]|(?P<yes>\w)唔(?P=yes)|有冇|系咪|中不中|[好有要行会能]伐\W*$|"
    r"好久(?:能|可以|才|到|退|解|开)|[收扣转提充交是]好多|"
    r"能不能|可不可以|会不会|是不是|要不要|有没有|行不行|好不好|算不算|对不对|够不够|该不该|用不用|"
    r"能.{0,8}吗|可以.{0,8}吗|[^也都就又才不，。,.\s]不\W*$|(?:了|有|到|好|完)没有?\W*$|"
    r"[^，,。\s]还是(?!不|没|那|这|一样|老|会|要)[^，,。\s]{1,6}\W*$|"  # 你们开还是我开
    r"(?:告诉|发|教|给)我(?:一下|看看|吧|呗)?\W*$|^(?:就)?怕|担心"
)


# A name by itself: letters, and none of the little words that sentences are made with.
_NAME = re.compile(
    r"(?!.*(?:[了没不的是在有吗呢我你您他她它说都还就也要会能好对啊吧嗯哦呀么啥多少几第今昨前刚先再次]|(?<!银)行))"
    r"[^\W\d_]{2,8}"
)


def clauses(text: str) -> list[str]:
    """Cut a text into its clauses, without what stands between them."""
    return [part for part in CLAUSES.split(text) if part]


def unspaced(text: str) -> str:
    """Take out the blanks of who types a blank after each word: 我的 护照 不能 实名."""
    pieces = text.split()
    short = sum(len(piece) <= WORD for piece in pieces)
    spaced = len(pieces) >= SPACED and short >= len(pieces) - 1 and _HAN.search(text)
    return _BETWEEN_HAN.sub("", text) if spaced else text


def asks(text: str) -> bool:
    """Say whether a text asks something, by its words or its end."""
    return bool(_ASKS.search(text))


def marked_as_question(text: str) -> bool:
    """Say whether a text bears a question mark."""
    return bool(_QUESTION.search(text))


def is_name(text: str) -> bool:
    """Say whether a text may be but a name: 瑞幸, 步步高超市."""
    return bool(_NAME.fullmatch(text.strip(" ，,。.!！")))
