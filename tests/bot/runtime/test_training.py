"""When a model is trained, and which are kept."""

from __future__ import annotations

import datetime as dt
import os
import shutil

import pytest

from bot.runtime.fingerprint import fingerprint
from bot.runtime.models import NoModel, current, drop_old, models_in, name_for, newest
from tests.bot.runtime.conftest import MINIATURE, train

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone.utc)


@pytest.fixture
def sources(tmp_path):
    root = tmp_path / "sources"
    shutil.copytree(MINIATURE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_a_second_training_finds_nothing_to_do(models):
    before = models_in(models)
    done = train(MINIATURE, models)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"bot: model {before[0].name} is up to date\n"
    assert models_in(models) == before


@pytest.mark.parametrize(
    ("name", "right", "wrong", "told"),
    [
        ("bot/domain/domain.yml", "intents: [", "intents: {[", "domain.yml"),
        ("bot/rules/rules.yml", "action: action_recall", "action: [action_recall", "rules.yml"),
        ("bot/rules/rules.yml", "intent: recall", "intent: remember", "Contradicting rules"),
        ("config.yml", "miniature.understanding", "miniature.misunderstanding", "misunderstand"),
    ],
)
def test_a_mistake_is_told_and_leaves_no_model(sources, tmp_path, name, right, wrong, told):
    source = sources / name
    source.write_text(source.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    done = train(sources, tmp_path / "models")
    assert done.returncode == 1
    assert "bot: training failed" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


@pytest.mark.parametrize("name", ["config.yml", "bot/domain/domain.yml", "bot/rules/rules.yml"])
def test_every_source_counts(sources, name):
    before = fingerprint(sources)
    with (sources / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert fingerprint(sources) != before


def test_a_renamed_or_new_source_counts_and_touching_does_not(sources):
    before = fingerprint(sources)
    os.utime(sources / "config.yml")
    (sources / "bot" / "domain" / "notes.txt").write_text("no source")
    assert fingerprint(sources) == before
    rules = sources / "bot" / "rules"
    (rules / "rules.yml").rename(rules / "others.yml")
    renamed = fingerprint(sources)
    assert renamed != before
    (rules / "more.yml").write_text('version: "3.1"\n')
    assert fingerprint(sources) != renamed


def test_the_last_two_models_are_kept_and_the_newest_is_taken(tmp_path):
    for minute in (3, 1, 2):
        at = AT + dt.timedelta(minutes=minute)
        (tmp_path / name_for(at, f"print{minute}")).touch()
    drop_old(tmp_path)
    assert [path.name for path in models_in(tmp_path)] == [
        "20261121T090300Z-print3.tar.gz", "20261121T090200Z-print2.tar.gz",
    ]  # fmt: skip
    assert newest(tmp_path).name.endswith("print3.tar.gz")
    assert current(tmp_path, "print3") == newest(tmp_path)
    assert current(tmp_path, "print2") is None


def test_no_model_says_how_to_get_one(tmp_path):
    with pytest.raises(NoModel, match=r"bot\.runtime\.train"):
        newest(tmp_path)
