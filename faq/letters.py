"""The weekly letter to the product team: a report in one page, compared with the week before."""

from __future__ import annotations

from faq import words
from faq.publishing import one_line
from faq.reporting import Report

TOPICS, ARTICLES, OPINIONS = 5, 5, 8


def as_letter(report: Report, before: Report) -> str:
    """Write the letter as Markdown. before: the report of as long a time just before it.

    Its texts are customers' own, masked; nobody is named.
    """
    say = words.say
    lines = [f"# {say('letter.title', begin=report.begin, end=report.end)}", ""]
    if not report.total:
        return "\n".join([*lines, say("report.nothing")]) + "\n"
    lines += [_numbers(report, before), "", f"## {say('letter.write')}", ""]
    lines += [
        say(
            "letter.topic",
            title=one_line(cluster.title),
            times=cluster.times,
            lost=cluster.lost,
            trend=f"{cluster.trend:+d}",
        )
        for cluster in report.clusters[:TOPICS]
    ] or [say("report.none")]
    lines += ["", f"## {say('letter.fix')}", ""]
    lines += [
        say("letter.article", title=report.titles.get(faq, faq), against=against, human=human)
        for faq, against, _, human in report.unhelpful[:ARTICLES]
    ] or [say("report.none")]
    lines += ["", f"## {say('report.opinions')}", ""]
    lines += [f"- {one_line(text)}" for _, text in report.opinions[:OPINIONS]] or [
        say("report.none")
    ]
    return "\n".join(lines).rstrip() + "\n"


def _numbers(report: Report, before: Report) -> str:
    told = words.say(
        "letter.numbers",
        total=report.total,
        missed=report.missed,
        answered=round(100 * report.answered),
    )
    if not before.total:
        return told + words.say("letter.first")
    return told + words.say(
        "letter.before",
        total=f"{report.total - before.total:+d}",
        answered=f"{round(100 * report.answered) - round(100 * before.answered):+d}",
    )
