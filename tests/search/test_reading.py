"""A help center with one question an FAQ is ranked by reading its answers."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from search import Engine, Settings, open_engine
from search.generation import load
from search.reading import Encoded, installed
from search.reading import encoder as encoders
from search.reading.articles import Articles
from search.reading.parts import parts_of
from search.reading.view import View
from tests.search.conftest import ROOT, lay_out

BIKES = {
    "return-where": ("还车要停到哪里", "请停进 App 地图上画蓝框的停车点，锁好后点“结束用车”。"),
    "deposit-back": ("押金怎么退", "在“我的钱包”里点退押金，三个工作日内退回原来付款的账户。"),
    "flat-tyre": ("车胎没气了怎么办", "先在 App 里报修这辆车，换一辆骑，没骑出一公里的不收费。"),
    "month-card": ("月卡怎么买，有什么优惠", "月卡二十元，三十天里每次前半小时不另收钱。"),
    "helmet": ("头盔在哪里拿", "头盔挂在车把下面的盒子里，扫码后自动弹开，还车时放回去。"),
    "child": ("小孩能骑吗", "未满十六周岁不能骑电动车，未满十二周岁不能骑自行车，请家长看好。"),
    "fee-wrong": ("骑车的钱扣多了", "忘了锁车会一直计费，请在行程里点“费用有疑问”，核实后退还。"),
    "lost-thing": ("东西落在车筐里了", "联系客服并报上车号和还车时间，找到了会电话通知您来取。"),
}


@pytest.fixture(scope="module")
def bikes(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An invented bicycle rental that listed no similar question, and this wallet's lexicon."""
    folder = tmp_path_factory.mktemp("bikes")
    data = lay_out(folder / "data")
    for path in (data / "faq").glob("*/*.md"):
        path.unlink()
    for name in ("smalltalk.yml", "human.yml", "beyond.yml", "synonyms.yml"):
        text = (ROOT / "data" / "lexicon" / name).read_text(encoding="utf-8")
        (data / "lexicon" / name).write_text(text, encoding="utf-8")
    (data / "categories.yml").write_text("ride: 骑行\n", encoding="utf-8")
    (data / "faq" / "ride").mkdir()
    for faq_id, (question, answer) in BIKES.items():
        text = f"---\nid: {faq_id}\nquestion: {question}\nupdated: 2026-11-21\n---\n\n{answer}\n"
        (data / "faq" / "ride" / f"{faq_id}.md").write_text(text, encoding="utf-8")
    # Named by what is in it: fitted once for both environments, and anew when that changes.
    return Settings(data, ROOT / "var" / "packs" / "bikes" / "index", encoder=False)


@pytest.fixture(scope="module")
def rental(bikes: Settings) -> Engine:
    return open_engine(bikes)


@pytest.mark.parametrize(
    ("message", "faq_id"),
    [
        ("蓝框里停满了 我锁哪", "return-where"),  # in the answer alone
        ("保证金啥时候还我", "deposit-back"),  # in other words
        ("轱辘瘪了", "flat-tyre"),
        ("我家娃上小学 让他骑行不", "child"),
        ("盒子弹不开", "helmet"),
        ("多收了我三块 退回来", "fee-wrong"),
        ("背包忘在前面那个筐里", "lost-thing"),
    ],
)
def test_a_message_finds_the_article_whose_answer_says_it(
    rental: Engine, message: str, faq_id: str
) -> None:
    assert faq_id in [hit.id for hit in rental.rank(message).hits[:3]]


def test_a_question_in_nearly_its_own_words_is_answered(rental: Engine) -> None:
    found = rental.rank("怎么退押金")
    assert (found.band, found.hits[0].id) == ("answer", "deposit-back")


@pytest.mark.parametrize("message", ["红烧肉怎么做才好吃", "我要打疫苗去哪个医院", "彩票中奖了"])
def test_what_no_article_is_about_is_not_answered(rental: Engine, message: str) -> None:
    assert rental.rank(message).band != "answer"


def test_small_talk_stays_small_talk(rental: Engine) -> None:
    assert rental.rank("谢谢你").topic is not None
    assert rental.rank("谢谢你").band == "unknown"


def test_another_companys_topics_do_not_silence_an_article(rental: Engine) -> None:
    """The wallet lists 押金 and 月卡 among what it does not answer; this company does."""
    for message in ("月卡多少钱", "退押金"):
        found = rental.rank(message)
        assert found.band != "unknown", message


def test_an_edit_is_read_without_a_fit(bikes: Settings) -> None:
    engine = open_engine(bikes)
    path = bikes.data / "faq" / "ride" / "helmet.md"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(before.replace("还车时放回去", "坏的请贴黄胶带"), encoding="utf-8")
        assert engine.refresh()
        assert not engine.follower.fitted
        assert engine.rank("贴黄胶带").hits[0].id == "helmet"
        path.unlink()
        assert engine.refresh()
        assert "helmet" not in [hit.id for hit in engine.rank("贴黄胶带").hits]
    finally:
        path.write_text(before, encoding="utf-8")


def test_what_is_read_anew_is_as_what_was_kept(rental: Engine, bikes: Settings) -> None:
    kept = load(
        bikes,
        rental.generation.name,
        {
            path.relative_to(bikes.data).as_posix(): path.read_bytes()
            for path in bikes.data.rglob("*")
            if path.is_file()
        },
    )
    assert kept.articles is not None
    assert rental.generation.articles is not None
    assert kept.articles.ids == rental.generation.articles.ids
    for name, view in kept.articles.views.items():
        assert view.terms == rental.generation.articles.views[name].terms
        assert (view.held == rental.generation.articles.views[name].held).all()


def test_articles_put_in_and_taken_out_leave_what_all_of_them_made_anew_would_be(
    rental: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = rental.generation
    before = generation.articles
    assert before is not None
    monkeypatch.setattr("search.reading.articles.ANEW", 0.5)
    first, second, third = before.ids[:3]
    changed = {
        first: parts_of(
            ["雨天能借吗", "下雨怎么骑"], generation.content.faqs[first], generation.analyser
        ),
        second: (),
        "brand-new": parts_of(["全新的话"], generation.content.faqs[third], generation.analyser),
    }
    after = Articles.of(changed, before)
    assert after.ids == (*before.ids[2:], first, "brand-new")
    for name, view in after.views.items():
        rows = (view.starts, view.held, view.weights)
        anew = View.of(name, view.terms, rows, after.kinds)
        assert len(view.terms) > len(before.views[name].terms) or name == "meanings"
        for one in fields(View):
            assert np.array_equal(getattr(view, one.name), getattr(anew, one.name)), one.name


def test_many_ways_of_asking_are_learned_from_and_not_read(engine: Engine) -> None:
    assert engine.generation.articles is None


def test_the_meanings_name_no_company() -> None:
    folder = Path(ROOT / "search" / "reading")
    for path in folder.glob("*.txt"):
        assert "小狐" not in path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def encoded(bikes: Settings, rental: Engine) -> Engine:
    """The same rental with the encoder switched on."""
    return open_engine(replace(bikes, encoder=True))


@pytest.mark.parametrize(
    ("message", "faq_id"),
    [
        ("小朋友多大才可以用", "child"),
        ("包包忘拿了", "lost-thing"),
        ("轮子坏了", "flat-tyre"),
    ],
)
def test_an_encoder_puts_the_article_first_that_says_it_in_other_words(
    rental: Engine, encoded: Engine, message: str, faq_id: str
) -> None:
    places = [
        [hit.id for hit in engine.rank(message).hits].index(faq_id) for engine in (rental, encoded)
    ]
    assert places[1] == 0
    assert places[1] <= places[0]


def test_an_encoder_never_makes_an_answer_of_few_articles_surer(
    rental: Engine, encoded: Engine
) -> None:
    messages = [
        "怎么退押金",
        "保证金啥时候还我",
        "轮子坏了",
        "红烧肉怎么做才好吃",
        "娃能骑吗",
        "月卡怎么买",
        "宽带什么时候来装",
    ]
    for message in messages:
        assert encoded.rank(message).confidence <= rental.rank(message).confidence
    assert encoded.rank("怎么退押金").band == "answer"  # where both agree it stays one


def test_no_encoder_is_loaded_where_it_is_switched_off(bikes: Settings) -> None:
    assert Settings.from_env({}).encoder
    assert not Settings.from_env({"XIAOHU_ENCODER": "off"}).encoder
    assert Settings.from_env({"XIAOHU_ENCODER": "on"}).encoder


def test_a_switched_on_encoder_that_is_not_installed_is_said_and_done_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encoders, "PACKAGE", "not_installed_here")
    assert installed.__wrapped__() is None
    assert "XIAOHU_ENCODER=off" in caplog.text


def test_an_edit_is_encoded_and_the_rest_is_not_encoded_anew() -> None:
    class Counting:
        def __init__(self) -> None:
            self.texts: list[str] = []

        def encode(self, texts: list[str]) -> list[list[float]]:
            self.texts += texts
            return [[1.0, float(len(text))] for text in texts]

    model = Counting()
    encoder = encoders.Encoder(model)
    encoder(["押金怎么退", "小孩能骑吗"])
    encoder(["押金怎么退", "头盔在哪里拿", "头盔在哪里拿"])
    assert model.texts == ["押金怎么退", "小孩能骑吗", "头盔在哪里拿"]


def test_more_articles_than_can_be_encoded_at_a_start_go_without(rental: Engine) -> None:
    encoder = installed()
    assert encoder is not None
    faqs = rental.generation.content.faqs
    assert Encoded.of(tuple(faqs) * encoders.MOST, faqs, encoder) is None
