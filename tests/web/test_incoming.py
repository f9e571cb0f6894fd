"""Answers by mail: read from a real IMAP server, threaded, cut, checked, taken once."""

from __future__ import annotations

import imaplib
import io
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from tests.desk.papers import PDF
from tests.product import PATIENCE, free_port
from tests.web import test_mail
from tests.web.test_mail import answered, post
from web.mail.carrier import BadServer
from web.mail.incoming import Incoming
from web.mail.mailbox import Mailbox
from web.mail.replies import new_text
from web.services import utc_now

catcher, by_hand = test_mail.catcher, test_mail.by_hand  # fixtures
CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password=orange-lantern
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def imap() -> Iterator[str]:
    """Run Dovecot for one mailbox; gives its URL."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or os.getuid() != 0:
        pytest.skip("no Dovecot on this machine, or no right to start it")
    # a short path: the names of its sockets may not be long
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    someone = pwd.getpwnam("nobody")
    (folder / "mail").mkdir()
    os.chown(folder / "mail", someone.pw_uid, someone.pw_gid)
    port = free_port()
    config = folder / "dovecot.conf"
    group = subprocess.run(["id", "-gn", "nobody"], capture_output=True, text=True).stdout.strip()
    config.write_text(
        CONFIG.format(
            folder=folder, user="nobody", group=group, port=port,
            uid=someone.pw_uid, gid=someone.pw_gid,
        )
    )  # fmt: skip
    server = subprocess.Popen([program, "-F", "-c", str(config)])
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
                break
            except OSError:
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.1)
        yield f"imap://help:orange-lantern@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def app(make, catcher, imap):
    return make(
        smtp_url=f"smtp://127.0.0.1:{catcher.port}",
        mail_from="小狐 <help@xiaohu.example>",
        imap_url=imap,
    )


@pytest.fixture
def incoming(app, imap) -> Incoming:
    parts = app.extensions["services"]
    contacts = parts.contacts
    return Incoming(
        parts.database,
        parts.bus,
        contacts.vault,
        Mailbox.of(imap),
        contacts.pictures,
        lambda: contacts.hours,
    )


def deliver(imap: str, email: EmailMessage) -> None:
    box = Mailbox.of(imap)
    with imaplib.IMAP4(box.host, box.port) as server:
        server.login(box.user, box.password)
        server.append("INBOX", "", None, email.as_bytes())


def reply_to(first, text: str, name: str = "one") -> EmailMessage:
    email = EmailMessage()
    email["From"] = "小林 <lin@mail.example>"
    email["To"] = "help@xiaohu.example"
    email["Subject"] = "Re: 小狐帮助中心回复了你的留言"
    email["Message-ID"] = f"<{name}@mail.example>"
    email["In-Reply-To"] = first["Message-ID"]
    email["References"] = first["Message-ID"]
    email.set_content(text)
    return email


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def said(customer) -> list[str]:
    events = customer.read()["events"]
    return [
        event["data"]["text"]
        for event in events
        if event["type"] == "message" and event["actor"]["kind"] == "customer"
    ]


def test_an_answer_by_mail_comes_back_into_the_thread_once_with_its_pictures_and_no_quotes(
    app,
    catcher,
    imap,
    incoming,
    xiaolin,
    anna,
) -> None:
    answered(xiaolin, anna)
    assert post(app).deliver(utc_now()) == 1
    first = message_from_bytes(catcher.emails[0][1])
    assert "直接回复这封邮件" in first.get_payload(decode=True).decode()
    email = reply_to(
        first,
        "还没到账，我的密码是 yue2931a\n\n在 2026年11月29日，小狐 <help@xiaohu.example> 写道：\n\n"
        "> 已退到原卡\n",
    )
    email.add_attachment(png(), maintype="image", subtype="png", filename="账单.png")
    email.add_attachment(PDF, maintype="application", subtype="pdf", filename="回单.pdf")
    email.add_attachment(b"MZ\x90", maintype="application", subtype="pdf", filename="账单.pdf")
    deliver(imap, email)
    deliver(imap, email)  # a mail server may bring the same email twice
    now = utc_now()
    assert incoming.collect(now) == 2
    assert incoming.collect(now + timedelta(minutes=1)) == 0
    last = said(xiaolin)[-1]
    assert "还没到账" in last
    assert "yue2931a" not in last
    assert "已退到原卡" not in last
    assert said(xiaolin).count(last) == 1
    kinds = [event["type"] for event in xiaolin.read()["events"]]
    assert kinds.count("attachment") == 2
    files = [e["data"] for e in xiaolin.read()["events"] if e["type"] == "attachment"]
    assert [one.get("name") for one in files] == [None, "回单.pdf"]
    codes = [e["data"].get("code") for e in xiaolin.read()["events"] if e["type"] == "notice"]
    assert codes.count("mail_files_left_out") == 1
    # it is a left message again, and the next answer goes by mail again
    [row] = anna.get("/tickets").get_json()["tickets"]
    assert (row["id"], row["email"], row["step"]) == (xiaolin.id, True, "new")
    anna.post(f"/conversations/{xiaolin.id}/answer-ticket", client_id="reply-0002", text="今天会到")
    assert post(app).deliver(utc_now()) == 1
    assert catcher.emails[1][0] == ["lin@mail.example"]


def test_an_answer_to_a_question_goes_to_the_same_ticket_and_its_owner(
    app,
    catcher,
    imap,
    incoming,
    xiaolin,
    anna,
) -> None:
    xiaolin.client.post(
        f"{xiaolin.base}/ticket",
        json={"email": "lin@mail.example", "text": "退款没到"},
        headers=xiaolin.headers,
    )
    path = f"/conversations/{xiaolin.id}/answer-ticket"
    anna.post(path, client_id="reply-0001", text="哪天付的？", then="asked")
    post(app).deliver(utc_now())
    first = message_from_bytes(catcher.emails[0][1])
    deliver(imap, reply_to(first, "上周三"))
    incoming.collect(utc_now())
    [row] = anna.get("/tickets").get_json()["tickets"]
    assert (row["holder"], row["step"]) == ("安娜", "replied")
    assert said(xiaolin)[-1] == "上周三"


def test_made_up_threads_and_machines_answers_reach_nobody(
    app,
    catcher,
    imap,
    incoming,
    xiaolin,
    anna,
) -> None:
    answered(xiaolin, anna)
    post(app).deliver(utc_now())
    first = message_from_bytes(catcher.emails[0][1])
    before = said(xiaolin)
    away = reply_to(first, "我在休假", "away")
    away["Auto-Submitted"] = "auto-replied"
    deliver(imap, away)
    forged = reply_to({"Message-ID": f"<{xiaolin.id}.{'0' * 16}.{'0' * 32}@x>"}, "骗")
    deliver(imap, forged)
    deliver(imap, reply_to({"Message-ID": "<other@x>"}, "广告", "other"))
    assert incoming.collect(utc_now()) == 3
    assert said(xiaolin) == before


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "晚上八点\n\n------------------ 原始邮件 ------------------\n发件人: 小狐\n\n请问",
            "晚上八点",
        ),
        ("好的\r\n\r\n发件人： 小狐 <a@b.example>\r\n主题： x\r\n", "好的"),
        (
            "Eight pm\n\nOn Sun, Nov 29, 2026 at 1:00 PM Help <a@b.example> wrote:\n> when?\n",
            "Eight pm",
        ),
        ("第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_what_is_quoted_is_cut_as_mail_programs_here_write_it(text: str, own: str) -> None:
    assert new_text(text) == own


def test_a_mailbox_that_cannot_be_is_refused() -> None:
    for url in ("smtp://a:b@c", "imaps://host-without-user", "imap://", "imap://a@b:port"):
        with pytest.raises(BadServer):
            Mailbox.of(url)
    box = Mailbox.of("imaps://help%40x:p%2Fw@mail.example/Answers")
    assert (box.user, box.password, box.port, box.folder) == ("help@x", "p/w", 993, "Answers")
