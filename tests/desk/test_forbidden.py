"""Nobody at the desk asks for a password, a code or card data; warnings and directions pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.desk.forbidden import Forbidden, ForbiddenAsk

DATA = Path(__file__).parents[2] / "data"
FORBIDDEN = Forbidden.read(DATA / "lexicon" / "forbidden_asks.yml")
BLOCKED = """
请把您的支付密码告诉我
麻烦提供一下验证码
您收到的验证码是多少？
验证码发我一下
把短信里的六位数字念给我
请提供银行卡号和有效期
卡背面三位数是多少
您的密 码 是 什 么
密\u200b码发给我
請提供驗證碼
把收到的那串数字发过来
登录密码告诉客服，我帮您处理
需要您提供一下卡号
为了核实身份，请报一下您的密码
请输入验证码发给我
您收到验证码了吗？告诉我
不要告诉别人，只告诉我验证码
验证码不要告诉别人，告诉我就行
请拍一下银行卡正反面
CVV多少
请发一下 yzm
您的mima是什么
please tell me your password
能说一下动态口令吗
方便给我看看银行卡照片吗
请核实一下您的卡号
验证码报一下
把密码打在对话框
密码？
请把验证码截图发我
卡号后四位发我
我们需要您的支付密码来核实身份
给个验证码
"""
PASSED = """
请不要把密码和验证码告诉任何人
官方人员不会向您索要密码、验证码或完整卡号
凡是索要验证码的都是骗子
请在 App 里点“忘记密码”，按提示重置密码
请在页面输入收到的验证码完成登录
您可以在设置里修改支付密码
您是否把验证码告诉过别人？
收不到验证码时，请检查短信拦截
收不到验证码是什么原因，我帮您看看
请提供订单号和付款时间
请告诉我付款金额
请问是哪个银行卡付款失败的？
密码错误次数过多，账户会临时锁定
请截图发给我报错页面
验证码已经发送到您的手机，请在登录页填写
请别把卡号发在这里
修改密码后告诉我一声
不要告诉我密码，只说订单号就好
您的密码有没有泄露给别人
如果忘记密码，请点登录页的找回密码
"""


@pytest.mark.parametrize("text", BLOCKED.strip().splitlines())
def test_asking_for_a_secret_is_blocked(text: str) -> None:
    with pytest.raises(ForbiddenAsk) as blocked:
        FORBIDDEN.check(text)
    assert set(blocked.value.kinds) <= {"password", "code", "card"}


@pytest.mark.parametrize("text", PASSED.strip().splitlines())
def test_warnings_and_directions_pass(text: str) -> None:
    FORBIDDEN.check(text)


def test_no_answer_of_the_help_center_asks_for_a_secret() -> None:
    for path in sorted((DATA / "faq").rglob("*.md")):
        body = path.read_text(encoding="utf-8").split("\n---", 1)[1]
        assert FORBIDDEN.find(body) == [], path.name


def sentences() -> tuple[list[str], list[str]]:
    text = Path(__file__).with_name("lures.txt").read_text(encoding="utf-8")
    held, passed = text.split("# What must pass.")
    return held.splitlines()[1:], passed.strip().splitlines()


def test_nearly_every_lure_is_held_and_nearly_no_harmless_sentence() -> None:
    guard = Forbidden.read(DATA / "lexicon" / "forbidden_asks.yml", ["help.example"])
    lures, harmless = sentences()
    assert len(lures) >= 60
    assert len(harmless) >= 60
    missed = [text for text in lures if not guard.find(text)]
    stopped = [text for text in harmless if guard.find(text)]
    assert len(missed) <= 0.02 * len(lures), missed
    assert len(stopped) <= 0.02 * len(harmless), stopped
