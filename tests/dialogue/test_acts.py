"""Acts are told by examples; what was learned of them is kept."""

from __future__ import annotations

from pathlib import Path

from dialogue.acts import MATTER, Acts
from search.normalise import Normaliser

EXAMPLES = {
    "thanks": ["谢谢你", "多谢啦", "谢了", "感谢"],
    "again": ["再说一遍", "没听懂，重新说下", "能再讲一次吗"],
    MATTER: ["怎么提现", "银行卡绑不上", "退款多久到账", "红包领不了"],
}


def test_what_was_learned_is_kept_and_says_the_same(tmp_path: Path) -> None:
    def acts() -> Acts:
        return Acts(EXAMPLES, Normaliser(), tmp_path)

    first = acts()
    [kept] = list(tmp_path.iterdir())
    before = kept.stat().st_mtime_ns
    again = acts()
    assert kept.stat().st_mtime_ns == before
    for text in ("谢谢你啊", "请再说一遍吧", "怎么退款", "？"):
        assert again.shares(text) == first.shares(text)
        assert again.reasons(text, "thanks") == first.reasons(text, "thanks")
    assert again.tell("谢谢你啊").name == "thanks"
