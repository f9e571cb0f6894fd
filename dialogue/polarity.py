"""Whether a clause says that something is not so, or that it is fine."""

from __future__ import annotations

import re

from dialogue.text import asks, clauses

_WHO = r"(?:我|俺|咱|他|她|它|对方|这|那|其实|也|又|并|可|但|就|真|根本|从来)*"
# 不是提现, 不想打电话: what is denied stands in the same clause
_IS_NOT = re.compile(rf"^{_WHO}(?:不是|并非|不要|不想|不用|不需要|别)(?!.{{0,8}}(?:吗|么|怎么))")
# 我没忘密码, 没点过链接 deny; 没到账, 没反应, 没收到 are what goes wrong
_DID_NOT = re.compile(
    rf"^{_WHO}(?:没有?|未)(?:有)?(?:再)?(?:要|想|被|忘|锁|超|欠|断|改|换|点(?!反应)|填|输|说|发(?!货|现)|"
    r"扫|买|借|签|登(?!上|进|录上)|绑(?!上|成)|泄|动过|碰|用过|下载|装|告诉|联系|申请|开通|同意|答应|授权|"
    r"操作|玩|设|留|存|注册|注销|会员|给(?:过|他|她|别|任何|谁|人)|陌生)"
)
# 密码对的, 余额够, 没坏: nothing is wrong with it
_FINE = re.compile(
    r"(?:(?:很|挺|蛮|都|也)好|(?:都|也|是|还|很|挺)?(?:正常|对的|没问题|没错|好的|好着|够的?|充足|稳定|满格|ok的?|enough)|"
    r"没(?:在?维护|说什么|公告|坏|断网?|锁|冻|超|过期|欠费|毛病|事|停机|问题|丢|注销|忘|删|解绑)|"
    r"^(?:现在|还|又|也|都|就)*能(?:用|登录|付款?|打开)|"
    r"也(?:能)?(?:收|打|进|登|连|用|刷)得(?:到|了|开|进|上|去|出|动)|"
    r"也能(?:收到?|打开?|进去?|登上?|连上?|用|刷出来)|(?<![不没唔冇])记(?:得|着)的?呢?$|"
    # 声音倒是有, 付款是成功的, 余额还有三百多
    r"倒是?(?:有|行|能用|可以)|(?<![不没])是成功|"
    r"^(?:余额|卡里|账上|钱包里|零钱)(?:里|上)?(?:还|都)?(?:有|剩)(?:着|个)?[\d一二两三四五六七八九十百千万几]+(?:多|来|块|元|钱)*)"
    r"(?:的|了|啊|呀|呢)*$",
    re.IGNORECASE,
)
# 公告也看了: looked at or tried; beside what is fine it brings up nothing
_SEEN = re.compile(
    r"^.{0,6}?(?:也|都|已经|全)?(?:看|瞅|查|试|换|弄|问|核对|检查|重启|更新|清理?|刷新|重装)(?:过|了|遍)(?:了|的)?$"
)
# 写着成功了，可老板说没收着: what sounds like the end goes on
_GOES_ON = re.compile(
    r"(?:但|可是|不过|结果|却|可(?=老|店|商|他|她|对方|我|钱|卡|余额)).{0,12}(?:没|不|未|失败|少)"
    r"|没(?:有)?(?:收[着到]|到账?|来|反应)"
)
# What is left out of a message when another clause says what is the case.
_SET_ASIDE = re.compile(
    rf"^{_WHO}(?:不是|并非|不要|不想|先?别|先不|暂时不|还?没有?(?:要|想|被|忘))"
    r"|^\w{1,4}没有?(?:丢|坏|换|忘|过期|欠费|超|被)"  # 银行卡没丢 是换新卡了
)
# 不是忘密码, 我说的不是发票, 还没到要投诉的地步: what the answer spoke of; 不是我点的 tells who it
# was not
_NOT_THAT = re.compile(
    rf"^.{{0,4}}(?:没到|不至于|用不着|犯不着).{{1,8}}(?:地步|程度|份上)?$|^{_WHO}(?:(?:说|问|讲|指|要)的)?(?:不是|并非|没(?:说|问)(?!过|明|清))"
    r"(?!我|俺|咱|本人|自己|你|您|官方|家人|故意|说|因为).{2,}"
)


def denies_a_matter(text: str) -> bool:
    """Say whether a message says nothing but what it is not about: it asks for none of that."""
    parts = clauses(text)
    return bool(parts) and not asks(text) and all(_NOT_THAT.match(part) for part in parts)


def denies(text: str) -> bool:
    """Say whether a message only says what is not so, or that something is fine."""
    parts = clauses(text)
    if not parts or asks(text):
        return False
    return all(_DID_NOT.match(part) or _FINE.search(part) or _IS_NOT.match(part) for part in parts)


def is_surely_fine(text: str) -> bool:
    """Say whether every clause denies an event or calls something fine: 我没忘密码, 余额够的.

    One of several may only tell what was looked at: 公告也看了，没说维护.
    """
    parts = [
        part
        for part in clauses(text)
        if not (part.isascii() and part.isalpha()) or _FINE.search(part)
    ]
    if not parts or asks(text):
        return False
    seen = [part for part in parts if _SEEN.match(part)]
    rest = [part for part in parts if part not in seen]
    return bool(rest) and all(_DID_NOT.match(part) or _FINE.search(part) for part in rest)


def goes_on_badly(text: str) -> bool:
    """Say whether a message that may sound like the end tells what is still wrong."""
    return bool(_GOES_ON.search(text))


def sets_aside(clause: str) -> bool:
    """Say whether a clause denies something beside what another clause says."""
    return bool(_SET_ASIDE.match(clause)) and not asks(clause)
