"""`faq new-company`: a table as a company has it becomes a content folder of its own.

What every help center needs (small talk, wishes for a person, opening hours, safety words) is taken
from the folder that is served now, with its names replaced; its FAQs, its synonyms and its topics
beyond the help center are its own and stay behind.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faq import brand, heard, markdown, words
from faq.errors import BadTable
from faq.exchange import columns, parted, read_table
from faq.fixing import plain_scalar
from faq.heads import Columns
from faq.naming import Namer
from faq.saving import replace
from faq.writing import Draft, compose, open_yaml, texts
from search.documents import read_faq
from search.files import list_flows

# What a folder must have to be taken as a pattern, and what is not taken over from it.
NEEDED = ("variables.yml", "categories.yml", "lexicon/smalltalk.yml")
OWN = (
    "faq",
    "brand",
    "announcements",
    "images",
    "pictures",
    "voices",
    "flows",
    "further",
    "tips.yml",
)
EMPTY: Mapping[str, str] = {
    "lexicon/beyond.yml": (
        "# Topics that this help center does not answer; see the handbook.\ntopics: []\n"
    ),
    "lexicon/synonyms.yml": (
        "# Words of this company that mean the same; the first is the standard.\ngroups: []\n"
    ),
}
LISTED = 6  # FAQs on the first page, and below the greeting
TEXTS = (".yml", ".txt", ".md", ".jsonl")


@dataclass(slots=True)
class Founded:
    """What was made, or would be.

    told: (column, the head that it was told by). guessed: by what is in them, not by their heads.
    written: ids; drafts: the FAQs. notes: rows that were joined or left out; errors: rows that need
    somebody's hand.
    """

    told: list[tuple[str, str]]
    guessed: bool
    categories: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    number: int
    question: str
    category: str
    answers: list[str]
    similar: tuple[str, ...]
    keywords: tuple[str, ...]


def found(
    table: Path,
    to: Path,
    pattern: Path,
    today: dt.date,
    name: str | None = None,
    said: Mapping[str, str] | None = None,
    *,
    more: Mapping[str, Sequence[str]] | None = None,
    write: bool = True,
) -> Founded:
    """Make a content folder from a table; good rows go in, bad ones are told.

    pattern: a content folder to take the general files from. name: the company's, that of the
    folder when None. said: by column name, the head that it has. more: further ways of asking, by
    id. Raises BadTable.
    """
    for needed in NEEDED:
        if not (pattern / needed).is_file():
            why = words.say("company.errors.pattern", folder=pattern, name=needed)
            raise BadTable(why)
    if write and to.exists() and any(to.iterdir()):
        raise BadTable(words.say("company.errors.taken", folder=to))
    read = read_table(table, said)
    made = Founded(read.told(), read.guessed)
    drafts = _drafts(table.name, read, today, made)
    drafts = [_with(draft, (more or {}).get(draft.id, ())) for draft in drafts]
    if not drafts:
        raise BadTable("\n".join([words.say("company.errors.empty", table=table), *made.errors]))
    if write:
        _copy(pattern, to, name or to.name)
        titles = "".join(f"{key}: {plain_scalar(text)}\n" for key, text in made.categories.items())
        replace(to / "categories.yml", titles)
        replace(to / brand.FILE, _brand(name or to.name, drafts))
        for draft in drafts:
            replace(to / draft.name, compose(draft))
    made.written = [draft.id for draft in drafts]
    made.drafts = drafts
    return made


def _drafts(table: str, read: Columns, today: dt.date, made: Founded) -> list[Draft]:
    namer = Namer()
    ids: dict[str, str] = {}
    drafts = []
    for row in _joined(table, read, made):
        title = row.category or words.say("company.category")
        key = next((key for key, known in made.categories.items() if known == title), None)
        if key is None:
            key = namer(title, made.categories, "category")
            made.categories[key] = title
        draft = Draft(
            id=namer(row.question, ids, "faq"),
            category=key,
            question=row.question,
            similar=tuple(text for text in row.similar if text != row.question),
            keywords=row.keywords,
            updated=today,
            answer="\n\n".join(map(markdown.from_cell, row.answers)),
        )
        _, problems = read_faq(Path(draft.name), compose(draft), frozenset())
        if problems:
            for problem in problems:
                why, fix = words.translate(problem.reason, problem.fix)
                said = words.say(
                    "company.errors.bad", table=table, row=row.number, why=why, fix=fix
                )
                made.errors.append(said)
            continue
        ids[draft.id] = row.question
        drafts.append(draft)
    return drafts


def _with(draft: Draft, said: Sequence[str]) -> Draft:
    """Add ways of asking to an FAQ."""
    similar = texts((*draft.similar, *said))
    return dataclasses.replace(
        draft, similar=tuple(text for text in similar if text != draft.question)
    )


def _joined(table: str, read: Columns, made: Founded) -> list[_Row]:
    """Read the rows; one of a question that came before adds its answer to that."""
    rows: dict[str, _Row] = {}
    heads = columns() | dict(read.told())
    for number, cells in read.rows():
        question = " ".join(cells.get("question", "").split())
        answer = cells.get("answer", "").strip()
        if not question or not answer:
            lacking = "answer" if question else "question"
            made.errors.append(
                words.say(
                    f"company.errors.{lacking}",
                    table=table,
                    row=number,
                    question=question,
                    column=heads[lacking],
                )
            )
            continue
        first = rows.get(question)
        if first is None:
            more = (parted(cells.get(name, "")) for name in ("similar", "keywords"))
            category = " ".join(cells.get("category", "").split())
            rows[question] = _Row(number, question, category, [answer], *more)
            continue
        same = answer in first.answers
        what = "same" if same else "merged"
        if not same:
            first.answers.append(answer)
        said = words.say(
            f"company.{what}", table=table, row=number, first=first.number, question=question
        )
        made.notes.append(said)
    return list(rows.values())


def _brand(name: str, drafts: Sequence[Draft]) -> str:
    """Write the brand.yml of a company of which only its name and its FAQs are known.

    The first FAQs of its categories stand on the first page, and below the greeting.
    """
    firsts: dict[str, Draft] = {}
    for draft in drafts:
        firsts.setdefault(draft.category, draft)
    listed = list(firsts.values())[:LISTED]
    said = brand.texts_of(name)
    lines = [f"{key}: {plain_scalar(text)}" for key, text in said.items()]
    lines.append(f"home: {{hot: [{', '.join(draft.id for draft in listed)}], urgent: []}}")
    greeting = words.say("brand.greeting", assistant=said["assistant"])
    lines += ["greeting:", f"  text: {plain_scalar(greeting)}", "  buttons:"]
    lines += [
        f"    - {{title: {plain_scalar(draft.question)}, faq: {draft.id}}}" for draft in listed
    ]
    lines.append(f"    - {{title: {words.say('brand.human')}, flow: human}}")
    return "\n".join([words.say("brand.head"), *lines, ""])


def _copy(pattern: Path, to: Path, name: str) -> None:
    """Take over what is general, with the pattern's names replaced."""
    theirs = brand.read_folder(pattern)
    for path in sorted(pattern.rglob("*")):
        inside = path.relative_to(pattern)
        if not path.is_file() or path.is_symlink() or inside.parts[0] in OWN:
            continue
        target = to / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        if inside.as_posix() in EMPTY:
            target.write_text(EMPTY[inside.as_posix()], encoding="utf-8")
        elif path.suffix in TEXTS:
            text = theirs.renamed(path.read_text(encoding="utf-8"), name)
            if inside.parts[0] == heard.PHRASES:
                text = _without_leads(text, list_flows(pattern))
            target.write_text(text, "utf-8")
        else:
            shutil.copy(path, target)


def _without_leads(text: str, flows: Collection[str]) -> str:
    """Drop the buttons of phrases that lead to an FAQ or a flow of the pattern's own."""
    editor = open_yaml()
    phrases = editor.load(text)
    for phrase in phrases.values():
        if not isinstance(phrase, dict) or "buttons" not in phrase:
            continue
        buttons = phrase["buttons"]
        for at in reversed(range(len(buttons))):
            name = str(buttons[at]["payload"])[1:].partition("{")[0]
            if name == "faq" or name in flows:
                del buttons[at]
        if not buttons:
            del phrase["buttons"]
    out = io.StringIO()
    editor.dump(phrases, out)
    return out.getvalue()
