"""Which addresses lead to us: the guard of agents and editors reads them as the chat does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.product import PATIENCE, ROOT
from web.desk.links import hosts, listed, strangers

HOSTS = ("help.example", "wallet.example:8443")


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("https://help.example/faq/refund-how", True),
        ("http://help.example:80/", True),
        ("https://app.help.example/a?b=c", True),
        ("https://HELP.example./a", True),
        ("https://wallet.example:8443/a", True),
        ("https://wallet.example/a", False),
        ("https://help.example:8443/a", False),
        ("https://help.example@evil.example/login", False),
        ("https://help.example.evil.example/", False),
        ("https://nothelp.example/", False),
        ("https://xn--hlp-hoa.example/", False),
        ("https://hеlp.example/", False),  # a Cyrillic е
        ("https://help.example\\@evil.example/", False),
        ("javascript://help.example/%0aalert(1)", False),
        ("ftp://help.example/", False),
        ("https://[::1/", False),
    ],
)
def test_only_a_true_address_of_a_listed_host_is_ours(address: str, ours: bool) -> None:
    assert listed(address, HOSTS) is ours


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请看https://evil.example/a！好", ["https://evil.example/a"]),
        ("【https://evil.example/a】", ["https://evil.example/a"]),
        ("打开 www.evil.example，填写", ["www.evil.example"]),
        ("登录 xiaohu-pay.top/refund 领取", ["xiaohu-pay.top/refund"]),
        ("登录https://ev\u200bil.example", ["https://evil.example"]),
        ("请看 https://help.example/faq/a。", []),
        ("写信到 help@evil.com", []),
        ("金额是100.00元，版本3.2.1", []),
        ("[官方](https://evil.example)", ["https://evil.example"]),
        ("现在就打开evil.top办理", ["现在就打开evil.top"]),
        ("文件是evil.topics", []),
        ("写信到 lin.me@qq.com", []),
        ("见+evil.top", ["evil.top"]),
        ("见..evil.top", ["evil.top"]),
        ("https://help.example/a中-evil.top", ["中-evil.top"]),
        ("https://help.example/a中evil.top", ["中evil.top"]),
        ("evil.top/@help", ["evil.top/@help"]),
        ("https://evil.example/a)。」", ["https://evil.example/a"]),
    ],
)
def test_foreign_addresses_in_a_text_are_found(text: str, found: list[str]) -> None:
    assert strangers(text, HOSTS) == found


UNITS = (
    "-",
    "a-",
    "a.-",
    "a.",
    "..",
    "a+",
    "a@",
    "com.",
    "a.com-",
    "x点",
    "( ",
    "http://!",
    "1234是密码",
)


def test_no_message_keeps_its_reader_busy() -> None:
    """A row of dashes of a message's length took 18 s of the loop: every place was a beginning."""
    texts = [(unit * 2000)[:1999] + end for unit in UNITS for end in ("", "x", "@")]
    script = (
        "import json, resource, sys\nfrom web.desk.links import strangers\n"
        "texts = json.load(sys.stdin)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (10, 10))\n"
        "for text in texts:\n    strangers(text, ())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(texts), text=True, cwd=ROOT, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_hosts_are_our_own_and_the_listed() -> None:
    env = {
        "XIAOHU_BASE_URL": "https://Help.example/",
        "XIAOHU_LINK_HOSTS": "a.example, b.example:81",
    }
    assert hosts(env) == ("help.example", "a.example", "b.example:81")
    assert hosts({}) == ()
