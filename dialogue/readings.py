"""What a message may do in its conversation, and how sure one has to be of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from search import Faq, Ranking

# An act this probable is what the message does; a listed one has 1.
SURE = 0.5
VERY_SURE = 0.8
WISHED = 0.4
# From this share on, an act of several clauses is the act of all of them.
WHOLLY = 0.7
# A ranking this confident is a question of its own, whatever the topic is.
CLEAR = 0.9
# One this confident is as good as listed.
LISTED = 0.98
# A message with at most so many letters of its own leans on what was said.
LEANING = 1
# From this share on, given the topic, an FAQ is the answer; from the other, it is offered.
ANSWER, OFFER = 0.5, 0.12
# What an FAQ other than the topic has to have of the message by itself, to be its answer.
BORNE = 0.03
# How sure a message has to be together with the one before it, to be what both say.
JOINED = 0.75
# From this share on, a message that names its object brings the topic up again.
AGAIN = 0.25
# From this share on, one FAQ by itself is worth a question back.
ALONE = 0.35
# An FAQ this probable, and so many times as probable as the next, is told as a guess.
GUESS, AHEAD = 0.35, 1.6
# Two FAQs akin that share so much between them: the first is told, the other offered beside it.
BOTH = 0.8
# The share of a question that the topic's answer has to bear out to answer it.
SPOKEN = 0.5
# Acts by which a customer wants something done: plain even where the words recall an FAQ.
WISHES = frozenset(
    ("call_me", "video_call", "write_letter", "send_picture", "take_note", "staffed", "how_long")
)
# Acts that decline a way to a person, and leave open which one is wished for.
DECLINING = frozenset(("no_call",))
# Acts so far from everyday that they have to be sure: 钱转走了 mourns nobody.
RARE = frozenset(
    ("take_note", "ability", "violence", "write_letter", "former_case", "presence", "again")
)
# Acts that say little by themselves: with the topic's word before them they may be a question.
LEANS = frozenset(["still", "inform", "helpless", "check", "tried", "confused"])
# Letters of a message that is also read with the topic's word before it.
BRIEF = 12
# Acts that say nothing but what they are: with more letters of its own a message is a question.
BARE_ACTS = frozenset(
    ("helpless", "check", "confused", "how_long", "resume", "acknowledge", "hurry", "wait")
)
OWN = 3
# What points at something to be told: whoever asks 在哪看 is not lost.
POINTED = re.compile(
    r"在(?:哪|那儿?|边度)|哪(?:里|儿|个|看|改|填|点|找)|会(?:咋|怎)|多少|多久|几[点天时号]|什么时候|谁"
)
# With no more letters than these beside it, an aspect is asked of what is talked about.
FEW = 2
DECLINES = re.compile(r"不(?:想|要|用|需要|愿意|方便|会)|别|没法")
NAMES = re.compile(r"呢\W*$|[?？]|^那|还有|也")
# Acts that stand beside a matter in the same message and are left out for it.
BESIDE = frozenset((
    "greet", "thanks", "apology", "praise", "laugh", "insult", "presence", "acknowledge", "wait",
    "hurry", "leave", "correction",
))  # fmt: skip
EARLIER = re.compile(r"刚才|刚刚|之前|前面|先前|那个问题|开头|一开始")
WANTS = re.compile(r"(?:我想问|想问|我问的是|我是问|我是说|我说的是|是想问|请问|想知道|我要问)")
# 先说余额不足这个: which of several is to come first
LEADS = re.compile(
    r"^(?:那|就)?先(?:说|讲|问|看|弄|解决)(?:一下|说|讲)?(?P<what>.{2,12}?)(?:这个|这条|这件|的事)?(?:吧|嘛)?\W*$"
)
# 那另外那个呢: comes to what was asked beside
THE_OTHER = re.compile(
    r"^.{0,4}?(?:那|还有|至于|现在|再)?[说讲看]?(?:说|讲)?(?:另外|另|第二|后面|后头|剩下|还有)的?[一那]?[个件](?!人|地方|问题是).{0,8}$"
)
# 我问的是账单: says again what was asked
ASKED = re.compile(
    r"^(?:不是|不对|(?:你?说的)?(?:是)?什么呀?)?[，,。 …!！]*"
    r"(?:我是?(?:想)?(?:问|说)的?是?|我要问的是|我就?(?:想|要)?问)"
    r"[，,：: ]*(?P<what>(?!的|过|你|您|一下$|了|什么$|啥$|不是|没).{3,})$"
)
# 问几个事啊 一 你们几点下班: announces questions, and asks the first
SEVERAL = re.compile(
    r"^我?(?:想|要)?(?:问|请教|咨询|说)[你您]?们?[几两三]?[个件点]?(?:事儿?|问题)[啊哈呀]?"
    r"[，,：:。 ]*"
    r"(?:第?[一1][，,、.： ]+|首先[，, ]*)(?P<what>.{3,})$"
)
# 我不是要解绑是要换一张: what is meant follows what is not
CONTRAST = re.compile(
    r"^(?:我|这|其实|也)*(?:不是|并非)(?P<not>[^，,。?？是]{1,10})[，, ]*"
    r"(?:而)?是(?P<what>(?!不是|吗|么|吧).{3,})$"
)
# 煤气呢: another of the same kind
AND_THAT = re.compile(r"^(?:那|那么)?(?P<what>\S{1,6})呢\W*$")
# 下次用流量就没事了吧: wants to hear that it is so
CONFIRMS = re.compile(r"(?:应该|会|能|可以|就|算|要|不用|没事|是).{0,12}[^好行]吧\W*$")
# 先不冻结 万一不是呢: hesitates before what was advised
NOT_YET = re.compile(r"^(?:那|我|要不|还是)*(?:先不|暂时不|先别)(?P<what>\S{2,6})[ ，,].{2,}")
# What goes wrong, told of something that was asked how to do.
FAILS = re.compile(
    r"提示|报错|失败|不行|不了|不上|不成|没反应|不对|不符|转圈|卡住|闪退|白屏|打不开|没过|不通过|没通过"
)
# Whom the FAQs about the bot itself are asked of.
ADDRESSES = re.compile(r"你|您|妳|机器|智能|客服|ai", re.IGNORECASE)


class Knowledge(Protocol):
    """What is known of the FAQs."""

    def faq(self, faq_id: str) -> Faq | None:
        """Return an FAQ, None when there is none."""

    def faqs(self) -> Sequence[Faq]:
        """Return all FAQs."""

    def rank(self, text: str) -> Ranking:
        """Rank a text by itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message does in its conversation.

    act: a name of acts.yml, or "matter" (answer `faq`), "facet" (answer `aspect` of `faq`),
    "step" (explain a step of the topic), "which" (ask which of `offers`; with an `faq`, tell that
    as a guess and ask), "deny" (only denies),
    "fact" (tells), "lost". text: the part of the message that says it. ranking: of that part.
    """

    act: str
    text: str
    share: float = 0.0
    faq: str | None = None
    aspect: str | None = None
    object: str | None = None
    offers: tuple[str, ...] = ()
    step: int | None = None
    left: bool = False
    ranking: Ranking | None = field(default=None, compare=False)

    @property
    def returns(self) -> bool:
        """Whether the message, listed as such, wants the bot instead of a person.

        Nothing less undoes a wish for a person: 别给我机器人，要人工.
        """
        return self.act == "back_to_bot" and self.share == 1.0
