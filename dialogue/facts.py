"""The facts that a customer tells: found in a message, kept unless something as exact follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CHINESE = "零〇一二两三四五六七八九十百千万"
# 一块儿, 一块付, 能一块 say "together"; 扣了一块 does not
_TOGETHER = r"(?!一块[儿兒上去来进弄办说看走用付交做])(?!(?<=[^了收扣付花要少多剩差转充])一块\W*$)"
# 八十六块五, 两万三, 三百二十元
_SPOKEN = re.compile(
    rf"(?<![第几\d]){_TOGETHER}(?P<value>[{_CHINESE}]{{1,12}}(?:来|多)?(?:块钱|块|元|圆|塊|蚊)"
    rf"(?:[{_CHINESE}\d](?:毛|角)?(?![{_CHINESE}个天次点]))?)"
)
_SPOKEN_BARE = re.compile(
    rf"(?<![第几\d])(?P<value>[一二两三四五六七八九][百千万][{_CHINESE}]*|[{_CHINESE}]{{2,}}百)"
    rf"(?:来|多)?(?![{_CHINESE}个天次点分度])"
)
_WITH_UNIT = re.compile(
    r"(?<![\d.A-Za-z])(?P<value>[¥￥$]?\s*\d+(?:,\d{3})*(?:\.\d{1,2})?\s*"
    r"(?:[万千百]\s*)?(?:来|多)?(?:块钱|(?:元|块|圆|塊|蚊)(?:[1-9](?:毛|角)?(?![\d.:：年月日号点时天个笔条次张]))?|人民币|rmb|RMB|港币|港元|美元|美金|台币|万|[wWkK](?![A-Za-z0-9])))"
)
# 就剩450的: what is still missing counts, not what came
_LEFT = re.compile(
    r"(?:就|还|只|才)?(?:剩|差|欠|少)(?:下|了|着)?\s*(?P<value>\d{2,6}(?:\.\d{1,2})?)(?![\d.:：年月日号点时天次个条])"
)
# 不是403 is taken back, L430 is what the page says
_TAKEN_BACK = re.compile(r"不是\s*(?P<value>[A-Za-z]{0,3}-?\d+(?:\.\d+)?)")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?P<value>[A-Za-z]{1,3}-?\d{2,6})(?![A-Za-z0-9])")
# 余额有三百多: what is there is not what it is about
_THERE = re.compile(
    rf"(?:余额|卡里|卡上|账上|账户里|钱包里)(?:里|还|明明|都)?有\s*[{_CHINESE}\d.,]+(?:来|多|块|元|钱)*"
)
# 提现5000, 扣了300: what moves money stands before it
_MOVED = re.compile(
    r"(?:每[次笔单回]|提现|充值|转账|转|付|扣|充|还|退|花|收|少|借|投|汇|打|交|输|赔|取|存|欠|提|笔|扫|刷)(?:了|给他|过去|走)?\s*"
    r"(?P<value>\d{2,6}(?:\.\d{1,2})?)(?![\d.:：年月日号點点时天次个笔条%％A-Za-z-])"
)
# 拼单买的羊毛衫 129 掉毛了: a number by itself where something was paid
_APART = re.compile(
    r"(?:^|(?<=[\s,，]))(?<![A-Za-z]\s)(?P<value>(?!(?:19|20)\d\d(?!\d))[1-9]\d{1,4}(?:\.\d{1,2})?)"
    r"(?=$|[\s,，。])(?!\s*[年月日号點点時天次个個位笔条步岁分秒楼室栋件张包箱份瓶斤台部])"
)
_PAID = re.compile(r"付|买|扣|转|充|退|花|扫|刷|交|拼单|下单|订|借|还了")
# The numbers of public services are no amounts: 打12315.
_SERVICE = re.compile(
    r"(?<!\d)(?:123\d\d|96110|955\d\d|10086|10010)(?![\d.]|\s*[元块])"
    r"|[打拨](?:了|个|打|过)?\s*(?:11[0249]|12[02])(?!\d)"
)
_SHOWS = re.compile(r"提示|报错|错误|代码|显示|尾号|号码|code|error", re.IGNORECASE)
_SIGNED = re.compile(r"(?P<value>[¥￥$]\s*\d+(?:,\d{3})*(?:\.\d{1,2})?)")
# A bare number may be an amount: no year, no order number, no clock, no counting of things.
_BARE = re.compile(
    r"(?<![\d.:：A-Za-z第-])(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,6}(?:\.\d{1,2})?)"
    r"(?![\d:：A-Za-z-]|\s*(?:[年月日号點点时天次个個位笔条步岁小分秒楼室%％度]|小时|分钟|星期))"
)
_ONLY_NUMBER = re.compile(r"^\W*\d{2,6}(?:\.\d{1,2})?\W*$")
_SHOWN = re.compile(
    r"^\W*(?:我|它|他|上面|页面|系统|手机|屏幕|就|一直|老是|总是|总)?(?:给我)?(?:提示|显示|报错|弹出|弹窗|写着|说是)(?:我|的是|是|说|了)?"
    r"\s*[:：]?(?P<value>[^，。,；;！!？?\n吗呢]{2,30})\W*$"
)
_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z])(?P<value>\d{12,40})(?![\dA-Za-z])")
# 找到了 2024061188712: a long number and next to nothing else, where one was looked for
_FOUND = re.compile(
    r"^(?:找到|看到|查到|有)?了?[,，:：\s]*(?:是|这个|就是|号是)?[,，:：\s]*"
    r"(?P<value>(?!1[3-9]\d{9}(?!\d))\d{10,32})[\s,，。是这个吧]*$"
)
_TAIL = re.compile(r"尾号(?:是|为|:|：)?\s*(?P<value>\d{3,4})(?!\d)")
# What stands right before a value that takes the place of an earlier one: 不对是380, 应该是5000
_CORRECTS = re.compile(
    r"(?:不对|不是|错了|说错|打错|记错|搞错|更正|应该是|应该为|其实是|改成|而是|才对|准确(?:地|的)?说|不[,，\s])"
)
_VAGUE_TIME = re.compile(r"^(?:刚刚?才?|刚才|方才|剛剛|剛才|啱啱|头先|今天|最近|前几天|上次|之前)$")
_DAY_PART = re.compile(
    r"^(?:凌晨|清晨|早上|早晨|上午|中午|晌午|下午|傍晚|晚上|夜里|半夜|[0-9一二两三四五六七八九十]+[点點:：])"
)
_DAY = re.compile(r"(?:前天|昨[天日晚夜儿]|今[天日早晚儿]|月|号|日|周|星期|礼拜)")


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one message. corrects: the message says that what was told before is wrong."""

    facts: Mapping[str, str] = field(default_factory=dict)
    corrects: bool = False


# What was hidden, with the last digits of a card, which are no amount.
_HIDDEN = re.compile(r"\[已隐藏\]\d*")


def find(text: str, entities: Mapping[str, str], expects: str | None = None) -> Told:
    """Find the facts of a message.

    entities: what the patterns of details.yml found. expects: the fact that was asked for last;
    a bare number that is no such thing is taken for an amount all the same.
    """
    folded = unicodedata.normalize("NFKC", text)
    facts = {kind: value for kind, value in entities.items() if value}
    corrects = bool(_CORRECTS.search(folded))
    number = _LONG_NUMBER.search(folded)
    if number and "order_number" not in facts and re.search(r"单号|编号|流水|订单", folded):
        facts["order_number"] = number["value"]
    number = _FOUND.match(folded)
    if number and expects != "amount" and "order_number" not in facts:
        facts["order_number"] = number["value"]
    plain = _HIDDEN.sub(" ", folded)
    amount = _amount(
        plain, facts.get("order_number"), corrects, bare=expects is not None, timed="time" in facts
    )
    if amount:
        facts["amount"] = amount
    elif "amount" in facts and facts["amount"] in facts.get("order_number", ""):
        del facts["amount"]
    time = _corrected_time(folded) if corrects else None
    if time:
        facts["time"] = time
    code = list(_CODE.finditer(_TAKEN_BACK.sub(" ", folded))) if corrects else []
    if code and "order_number" not in facts and not re.fullmatch(r"\d+[kKwW]", code[-1]["value"]):
        facts["error_text"] = code[-1]["value"]
    shown = _SHOWN.match(folded)
    if shown and "error_text" not in facts:
        facts["error_text"] = shown["value"].strip()
    tail = _TAIL.search(folded)
    if tail:
        facts["card_tail"] = tail["value"]
    return Told(facts, corrects)


def merge(known: Mapping[str, str], told: Told) -> dict[str, str]:
    """Put what was told over what was known.

    Something vaguer never takes the place of something exact, unless it corrects it; a part of a
    day is joined to the day that was told before.
    """
    merged = dict(known)
    for kind, value in told.facts.items():
        before = merged.get(kind)
        if before and value in before and not told.corrects:
            continue
        if before and kind == "time" and not told.corrects:
            if _VAGUE_TIME.match(value) and not _VAGUE_TIME.match(before):
                continue
            if _DAY_PART.match(value) and _DAY.search(before) and not _DAY.search(value):
                value = f"{before}{value}" if not _DAY_PART.search(before[2:]) else value
        merged[kind] = value
    return merged


def number_of(text: str) -> float | None:
    """Read an amount, in digits or Chinese numerals, as a number of yuan; None when it is none.

    两万三 is 23,000 and 八十六块五 is 86.5: the last figure counts a tenth of the unit before.
    """
    bare = re.sub(r"[,\s¥￥$来多钱]|人民币|rmb|RMB", "", text)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([万千百wWkK]?)(?:元|块|圆|塊|蚊)?(\d)?(?:毛|角)?", bare)
    if match:
        times = {"万": 1e4, "w": 1e4, "千": 1e3, "k": 1e3, "百": 1e2, "": 1}[match[2].lower()]
        return float(match[1]) * times + (int(match[3]) / 10 if match[3] else 0)
    whole, _, tenth = re.sub(r"[元块圆塊蚊]", "块", bare).partition("块")
    value = _chinese(whole)
    if value is None:
        return None
    rest = re.sub(r"[毛角]", "", tenth)
    if not rest:
        return value
    tail = _DIGITS.get(rest, int(rest) if rest.isdigit() and len(rest) == 1 else None)
    return None if tail is None else value + tail / 10


def _amount(text: str, order: str | None, corrects: bool, *, bare: bool, timed: bool) -> str | None:
    """Find the amount of a text; of several, the last when one corrects the others.

    bare: any number may be one. timed: the text also says when it was.
    """
    if order:
        text = text.replace(order, " ")
    text = _TAKEN_BACK.sub(" ", _TAIL.sub(" ", text)) if corrects else _TAIL.sub(" ", text)
    text = _SERVICE.sub(" ", _THERE.sub(" ", _CODE.sub(" ", text)))
    found: list[tuple[int, str]] = []
    patterns = [_LEFT, _WITH_UNIT, _SIGNED, _SPOKEN, _MOVED, _SPOKEN_BARE]
    if bare or corrects or _ONLY_NUMBER.match(text):
        patterns.append(_BARE)
    apart = len(_APART.findall(text)) == 1 and not _SHOWS.search(text)
    if apart and (timed or order or _PAID.search(text)):
        patterns.append(_APART)
    for pattern in patterns:
        found += [
            (match.start("value"), match["value"].strip()) for match in pattern.finditer(text)
        ]
        if found and not corrects:
            break
    if not found:
        return None
    found.sort()
    return found[-1][1] if corrects else found[0][1]


def _corrected_time(text: str) -> str | None:
    """Return the time that stands after a correction: 今天 不 昨天晚上."""
    corrections = list(_CORRECTS.finditer(text))
    if not corrections:
        return None
    day = re.search(
        r"(?:大前天|前天|昨[天日晚夜儿]|今[天日早晚儿]|上周[一二三四五六日天]?|周[一二三四五六日天])"
        r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜里|半夜)?(?:\d{1,2}|[一二两三四五六七八九十]{1,3})?(?:[点點](?:半)?)?",
        text[corrections[-1].end() :],
    )
    return day[0] if day else None


def _chinese(text: str) -> float | None:
    """Read Chinese numerals: 二十三, 一千零五, 两万三 (23,000)."""
    if not text or any(char not in _CHINESE for char in text):
        return None
    total = section = digit = 0
    unit = 1
    zero = False
    for char in text:
        if char in "零〇":
            zero = True
        elif char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total += (section + digit or 1) * 10_000
            section, digit, unit, zero = 0, 0, 10_000, False
        else:
            section += (digit or 1) * _UNITS[char]
            digit, unit, zero = 0, _UNITS[char], False
    if digit and unit > 10 and not zero:
        digit *= unit // 10
    return float(total + section + digit)
