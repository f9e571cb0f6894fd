"""What answers name (hotline, hours): a setting before the phrase, both as they are now."""

from __future__ import annotations

from pathlib import Path

import search
from tests.search.conftest import content  # noqa: F401 - a small help center
from web.content import Variables
from web.settings import Settings


def named(data: Path, tmp_path: Path, engine: search.Engine | None) -> Variables:
    settings = Settings(
        data=data,
        var=tmp_path,
        secret_key="a secret of the tests only",
        variables={"hotline": "400-000-0000"},
    )
    return Variables(settings, engine)


def test_an_edited_phrase_is_live_and_a_setting_stands_before_it(
    content: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    engine = search.open_engine(search.Settings(data=content, index=tmp_path / "index"))
    variables = named(content, tmp_path, engine)
    text = "拨打 {{ hotline }}，或写信到{{ email }}"
    assert search.fill(text, variables).startswith("拨打 400-000-0000，或写信到客服邮箱")
    phrases = content / "variables.yml"
    changed = phrases.read_text(encoding="utf-8").replace("客服邮箱（", "我们的邮箱（")
    phrases.write_text(changed, encoding="utf-8")
    assert engine.refresh()
    assert search.fill(text, variables).startswith("拨打 400-000-0000，或写信到我们的邮箱")


def test_without_an_index_the_phrases_still_stand(
    content: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    variables = named(content, tmp_path, None)
    assert set(variables) >= {"hotline", "email"}
    assert len(variables) == len(list(variables))
    assert variables["hotline"] == "400-000-0000"
