"""The second company that ships: made from its table, and answered by reading alone."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from benchmarks.packs import Figures, measure
from faq import checking, company
from faq.findings import errors
from search.content import read_content

ROOT = Path(__file__).resolve().parents[2]
LAUNDRY = ROOT / "companies" / "yunkuang"
TODAY = dt.date(2026, 11, 29)


def test_its_folder_holds_what_its_table_says(tmp_path: Path) -> None:
    company.found(LAUNDRY.with_suffix(".csv"), tmp_path / "made", ROOT / "data", TODAY, "云筐洗衣")
    made, kept = read_content(tmp_path / "made"), read_content(LAUNDRY)
    assert kept.problems == ()
    assert list(made.faqs) == list(kept.faqs)
    assert [faq.answer for faq in made.faqs.values()] == [faq.answer for faq in kept.faqs.values()]


def test_its_general_files_are_those_of_today(tmp_path: Path) -> None:
    made = tmp_path / "made"
    company.found(LAUNDRY.with_suffix(".csv"), made, ROOT / "data", TODAY, "云筐洗衣")
    files = [path.relative_to(made) for path in made.rglob("*") if path.is_file()]
    old = [
        str(name)
        for name in files
        if name.parts[0] != "faq"
        and (
            not (LAUNDRY / name).is_file()
            or (LAUNDRY / name).read_bytes() != (made / name).read_bytes()
        )
    ]
    assert old == [], "make companies/yunkuang anew: CONTRIBUTING.md says how"


def test_it_has_no_error() -> None:
    assert errors(checking.check(LAUNDRY, TODAY)) == []


def test_customers_words_find_its_answers(tmp_path: Path) -> None:
    found = Figures.of(measure(LAUNDRY, tmp_path))
    assert found.first >= 0.48
    assert found.three >= 0.58
    assert found.off <= 0.1


def test_beside_an_encoder_more_is_answered_and_less_of_it_wrongly(tmp_path: Path) -> None:
    heard = Figures.of(measure(LAUNDRY, tmp_path, encoder=True))
    assert heard.right >= 0.22
    assert heard.wrong <= 0.1
    assert heard.off <= 0.05


def test_what_is_wrong_with_a_brand_is_told_with_the_fix(tmp_path: Path) -> None:
    shutil.copytree(LAUNDRY, tmp_path / "data")
    (tmp_path / "data" / "brand.yml").write_text(
        "short: 云筐\nlogo: ../secret.svg\ncolours: {light: red}\nhome: {hot: 3}\nfont: x\n",
        encoding="utf-8",
    )
    told = [str(item) for item in errors(checking.check(tmp_path / "data", TODAY))]
    for words in ("公司的名字", "logo", "颜色", "首页", "font"):
        assert any(words in line and "brand.yml" in line for line in told), (words, told)
