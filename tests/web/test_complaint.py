"""The complaint builder: answers become a calm letter, and a pack of evidence without secrets."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from tests.web.conftest import Customer

ANSWERS = {
    "time": "11 月 20 日 15:20",
    "place": "小区门口便利店",
    "steps": "1. 打开付款码\n2、扫码\n- 输入金额 128 元",
    "problem": "扣了两次钱，密码是hunter22",
    "wish": "退回多扣的 128 元",
}


def test_five_answers_become_a_letter_that_can_be_edited(client) -> None:
    page = client.get("/complaint").get_data(as_text=True)
    assert "12315" in page
    answer = client.post("/complaint", data=ANSWERS)
    assert answer.status_code == 200
    letter = answer.get_data(as_text=True).split("<textarea", 1)[1]
    for words in ("11 月 20 日 15:20", "小区门口便利店", "1. 打开付款码", "2. 扫码", "3. 输入金额"):
        assert words in letter
    assert "hunter22" not in letter
    assert "{{" not in letter


def test_what_is_missing_is_named_and_what_was_given_stays(client) -> None:
    answer = client.post("/complaint", data={"time": "昨天下午"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count('aria-invalid="true"') == 4
    assert "昨天下午" in page


def test_a_letter_is_packed_without_any_conversation(client) -> None:
    answer = client.post("/complaint/pack", data={"letter": "投诉信\n验证码123456"})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        assert sorted(pack.namelist()) == ["evidence.html", "letter.txt"]
        assert "123456" not in pack.read("letter.txt").decode()


def test_the_pack_holds_letter_transcript_card_and_pictures_of_its_own_conversation(
    client, xiaolin
) -> None:
    xiaolin.say("扣了两次钱")
    out = io.BytesIO()
    Image.new("RGB", (50, 30), "orange").save(out, "PNG")
    client.post(
        f"{xiaolin.base}/attachments?client_id=picture-1",
        data=out.getvalue(),
        headers=xiaolin.headers,
    )
    client.put(f"{xiaolin.base}/card", json={"amount": "128 元"}, headers=xiaolin.headers)
    path = f"{xiaolin.base}/evidence"
    answer = client.post(path, json={"letter": "<script>投诉信"}, headers=xiaolin.headers)
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        assert pack.testzip() is None
        assert sorted(pack.namelist()) == [
            "card.txt",
            "evidence.html",
            "letter.txt",
            "pictures/01.webp",
            "transcript.txt",
        ]
        page = pack.read("evidence.html").decode()
        assert "<script>" not in page
        assert 'src="pictures/01.webp"' in page
        assert "128 元" in pack.read("card.txt").decode("utf-8-sig")
        assert "扣了两次钱" in pack.read("transcript.txt").decode("utf-8-sig")
    ajie = Customer(client)
    assert client.post(path, json={"letter": "x"}, headers=ajie.headers).status_code == 404
