"""What customers ask next, as a form: files come back as they were, points come and go."""

from __future__ import annotations

from pathlib import Path

import pytest

from faq import checking, further, furtherforms, statements
from faq.errors import Refused
from search.content import read_content
from search.further import read_points
from tests.faq.conftest import ROOT

FILES = sorted((ROOT / "data" / "further").glob("*.yml"))


def test_files_that_nobody_touched_stay_as_they_were_to_the_letter() -> None:
    assert FILES
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert furtherforms.apply(text, furtherforms.form_of(text)) == text, path.name


def test_points_are_added_changed_and_removed() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    form = furtherforms.form_of(text)
    del form[1]
    form[0] |= {"says": "先看：页面写的"}
    form.append({"at": None, "asks": ["yes", "要几天", "要几天"], "says": "看页面。"})
    again = furtherforms.apply(text, form)
    points = read_points(Path("x.yml"), again.encode())
    assert len(points) == len(form)
    assert points[0].says == "先看：页面写的"
    assert points[-1].asks == ("yes", "要几天")
    assert again.splitlines()[0] == text.splitlines()[0]


def test_a_first_point_makes_the_file() -> None:
    text = furtherforms.apply(None, [{"at": None, "asks": ["要几天"], "says": "看页面。"}], "追问")
    assert text == "# 追问\n- asks:\n    - 要几天\n  says: 看页面。\n"


@pytest.mark.parametrize("text", ["a: 1\n", "- 1\n", "- [\n", "- asks: x\n  says: y\n"])
def test_what_is_no_list_of_points_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        furtherforms.form_of(text)


def test_a_draft_of_points_is_judged_as_the_folder_is() -> None:
    data = ROOT / "data"
    text = "- asks: [要几天]\n  says: 把验证码发给我。\n- asks: [要几天]\n  says: '{{ nothing }}'\n"
    forbidden, content = statements.forbidden_asks(data), read_content(data)
    normalise = checking.normaliser()

    def rules(name: str, said: str) -> set[tuple[str, int]]:
        found = further.judge(data, content, name, said, normalise, forbidden)
        return {(one.rule, one.line) for one in found}

    assert rules("further/refund-how.yml", text) == {
        ("forbidden-ask", 2),
        ("further-twice", 1),
        ("flow-variable", 4),
    }
    assert rules("further/no-such.yml", "- asks: [好]\n  says: 好\n") == {("further-faq", 1)}
    assert rules("further/refund-how.yml", "a: 1\n") == {("schema", 1)}
