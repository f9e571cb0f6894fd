"""Who it was is hidden in what reports tell: numbers, names, addresses; the question stays."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from web.desk.masking import mark, whose

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    "said",
    [
        "我叫{王小明}，转不了账",
        "我的名字叫{欧阳锋}",
        "姓名：{李四}",
        "收款人是{张三丰}",
        "户名 {诸葛亮}",
        "本人{赵六}要投诉",
        "我是{孙悟空}，",
        "转给{张三}了没到账",
        "钱打到{李小四}账户了",
        "错转给{周杰伦}",
        "{王}先生没收到",
        "{张小明}女士的退款",
        "{张三}的账户被冻结",
        "寄到{北京市朝阳区建国路88号3栋2单元501室}",
        "我住在{阳光花园3号楼201}",
        "地址是{上海市浦东新区张江镇}",
        "{四川省成都市武侯区天府大道}",
        "{3栋2单元501}的门",
        "家住{长安街12号}",
        "发票寄到{广东省深圳市南山区科技园路1号}",
        "打{13800138000}找我",
        "写到{lin.me@qq.com}",
        "订单 {2026 1130 0042} 扣了128元",
    ],
)
def test_what_tells_who_it_was_is_hidden_and_the_rest_stays(said: str) -> None:
    plain = re.sub("[{}]", "", said)
    assert whose(plain) == re.sub(r"\{.*?\}", mark(), said)
    assert whose(whose(plain)) == whose(plain)


@pytest.mark.parametrize(
    "said",
    [
        "把钱先生效", "对方经理说没事", "基金经理靠谱吗", "转给马上要用的人", "任何人的账户",
        "北京市能用吗", "我叫车付款失败", "收款人信息怎么改", "我是高级会员，", "高风险的账户",
        "付款给余额不足", "转给金额错了", "2号线坐公交", "客服小姐姐", "转给对方了", "谢谢老师",
        "地址怎么改", "给我妈家交水费，只知道地址不知道户号", "付了110元", "转给黄牛一千六",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_or_an_address_stays(said: str) -> None:
    assert whose(said) == said


def test_of_what_customers_ask_hardly_anything_is_hidden_in_vain() -> None:
    asks = {
        line.strip()[2:]
        for path in (DATA / "faq").rglob("*.md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("  - ")
    }
    asks |= {
        json.loads(line)["text"]
        for line in (DATA / "faq" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    }
    hidden = [text for text in asks if whose(text) != text]
    assert len(asks) > 5000
    assert len(hidden) <= len(asks) / 1000, hidden
