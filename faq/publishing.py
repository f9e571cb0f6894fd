"""A report as Markdown for people, as CSV and as a workbook for tables."""

from __future__ import annotations

import csv
import io
from typing import cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from faq import words
from faq.reporting import Report, draft_text

# What makes a cell a formula; Excel in China takes the wide signs too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def as_markdown(report: Report) -> str:
    """Write the report as Markdown, drafted files included."""
    say = words.say
    lines = [f"# {say('report.title', begin=report.begin, end=report.end)}", ""]
    if not report.total:
        lines.append(say("report.nothing"))
    else:
        lines.append(
            say(
                "report.summary",
                total=report.total,
                chat=report.by_place.get("chat", 0),
                search=report.by_place.get("search", 0),
                missed=report.missed,
                answered=round(100 * report.answered),
            )
        )
    lines += _table(
        "weeks",
        [[f"{day:%Y-%m-%d}", str(total), str(missed)] for day, total, missed in report.weeks],
    )
    lines += _table("asked", [[_name(report, faq), str(times)] for faq, times in report.asked])
    lines += _table(
        "unhelpful",
        [
            [_name(report, faq), str(against), str(helped), str(human), _why(report, faq)]
            for faq, against, helped, human in report.unhelpful
        ],
    )
    lines += _table("zero", [[one_line(text), str(times)] for text, times in report.zero])
    lines += _table(
        "opinions", [[f"{day:%Y-%m-%d}", one_line(text)] for day, text in report.opinions]
    )
    lines += ["", f"## {say('report.clusters')}", ""]
    if not report.clusters:
        lines.append(say("report.none"))
    for cluster in report.clusters:
        lines += [f"### {one_line(cluster.title)}（{cluster.times}）", ""]
        trend = f"{cluster.trend:+d}"
        lines += [say("report.lost", lost=cluster.lost, times=cluster.times, trend=trend), ""]
        lines += [f"- {one_line(text)}（{times}）" for text, times in cluster.texts[:10]]
        if cluster.nearest:
            lines += ["", say("report.nearest", faq=_name(report, cluster.nearest))]
        lines += ["", "```markdown", draft_text(cluster, report.end).rstrip(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def as_csv(report: Report) -> str:
    """Write the report as one table, every number under its own name; with Excel's mark."""
    out = io.StringIO()
    head: dict[str, str] = words.table("report.columns.csv")
    writer = csv.DictWriter(out, head)
    writer.writerow(head)
    if not report.total:
        writer.writerow({"part": words.say("report.nothing")})
    for part, rows in _parts(report).items():
        for row in rows:
            text = harmless(str(row.get("text", "")))
            writer.writerow({"part": words.say(f"report.{part}"), **row, "text": text})
    return "\ufeff" + out.getvalue()


def as_workbook(report: Report) -> bytes:
    """Write the report as a workbook (XLSX): a sheet for each part, numbers as numbers."""
    book = Workbook()
    book.remove(cast(Worksheet, book.active))
    heads: dict[str, str] = words.table("report.columns.csv")
    for part, rows in _parts(report).items():
        sheet = book.create_sheet(words.say(f"report.{part}")[:31].replace("/", "、"))
        names = [name for name in heads if any(name in row for row in rows)]
        sheet.append([heads[name] for name in names] or [words.say("report.none")])
        for row in rows:
            sheet.append([_value(row.get(name)) for name in names])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for at, name in enumerate(names):
            wide = name == "text"
            sheet.column_dimensions[chr(ord("A") + at)].width = 60 if wide else 16
            for cell in sheet[chr(ord("A") + at)]:
                cell.alignment = Alignment(wrap_text=wide, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(value: object) -> str | int | float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    return harmless(str(value))


def _parts(report: Report) -> dict[str, list[dict[str, object]]]:
    """Lay the report's parts out as rows of named values."""
    titles = report.titles
    return {
        "weeks": [
            {"name": f"{day:%Y-%m-%d}", "times": total, "missed": missed}
            for day, total, missed in report.weeks
        ],
        "asked": [
            {"name": faq, "text": titles.get(faq, ""), "times": times}
            for faq, times in report.asked
        ],
        "unhelpful": [
            {
                "name": faq,
                "text": titles.get(faq, ""),
                "against": against,
                "helped": helped,
                "human": human,
            }
            for faq, against, helped, human in report.unhelpful
        ],
        "zero": [{"text": text, "times": times} for text, times in report.zero],
        "opinions": [{"name": f"{day:%Y-%m-%d}", "text": text} for day, text in report.opinions],
        "clusters": [
            {"name": number, "text": text, "times": times}
            for number, cluster in enumerate(report.clusters, 1)
            for text, times in cluster.texts
        ],
    }


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a customer's text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _table(part: str, rows: list[list[str]]) -> list[str]:
    head = words.table(f"report.columns.{part}")
    lines = ["", f"## {words.say(f'report.{part}')}", ""]
    if not rows:
        return [*lines, words.say("report.none")]
    lines += [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def _name(report: Report, faq: str) -> str:
    return f"{report.titles.get(faq, faq)}（{faq}）"


def _why(report: Report, faq: str) -> str:
    found = report.reasons.get(faq, {})
    return "、".join(f"{words.name('report.why', why)} {times}" for why, times in found.items())


def one_line(text: str) -> str:
    """Write a text so that it stays in its cell or its item."""
    return " ".join(text.replace("|", "\\|").split())
