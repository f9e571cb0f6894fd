"""Generations of the index: built aside, complete before they are named, swapped in one rename."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.analysis import FIELDS, Analyser
from search.answers import Answers
from search.content import Content, fingerprint, read_content, read_files
from search.errors import IndexUnusable, Problem
from search.features import Compiled
from search.fitting import fit
from search.index import Row, read_rows, with_voices, write_index
from search.model import Model
from search.normalise import DIALECTS
from search.owners import Owners
from search.postings import Field
from search.reading import Articles, articles_of
from search.reading.encoder import encoder_of
from search.settings import Settings
from search.spelling import Spelling

# Changes with the shape of what a generation holds, so that an old one is not opened.
FORMAT = 3
KEEP = 2
# Modules that only read what a generation holds, or bring it up to date without writing it.
SERVING = frozenset(
    {
        "__init__", "__main__", "confusions", "dialogue", "engine", "errors", "explanation",
        "fields", "files", "kept", "live", "phrases", "ranking", "served", "settings", "snippet",
        "sources", "splicing", "suggestion", "thresholds", "urgency",
        # of search/reading
        "companies", "confidence", "elsewhere", "judging", "learning", "opinion", "weights",
    }
)  # fmt: skip
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Generation:
    """One opened generation: what is served until the next one replaces it.

    articles: None where the ways of asking are many enough to be ranked by.
    """

    name: str
    content: Content
    analyser: Analyser
    rows: tuple[Row, ...]
    compiled: Compiled
    model: Model
    answers: Answers
    spelling: Spelling
    articles: Articles | None = None


def open_current(settings: Settings, progress: Progress = lambda step: None) -> Generation:
    """Open the generation that fits the content, building it first when there is none.

    Raises BadContent when the content folder's own files are unusable, IndexUnusable when it holds
    no FAQ at all or the index folder cannot be written.
    """
    files = read_files(settings.data)
    name = name_of(files, encoder=encoder_of(settings) is not None)
    if not (settings.index / name / "model.json").exists():
        build(settings, files, progress)
    return load(settings, name, files)


def name_of(files: Mapping[str, bytes], *, encoder: bool = False) -> str:
    """Name the generation that these content files ask for; encoder: with one to rank by."""
    made = f"{code_digest()}:{fingerprint(files)}" + (":encoder" if encoder else "")
    digest = hashlib.sha256(made.encode())
    return digest.hexdigest()[:16]


@functools.cache
def code_digest() -> str:
    """Hash the code that decides what a generation holds; what only reads one is left out."""
    code = hashlib.sha256(str(FORMAT).encode())
    here = Path(__file__).parent
    made = (*sorted(here.glob("*.py")), DIALECTS, *sorted((here / "reading").glob("*.*")))
    for path in made:
        if path.stem not in SERVING:
            code.update(path.read_bytes())
    return code.hexdigest()


def build(
    settings: Settings, files: Mapping[str, bytes], progress: Progress = lambda step: None
) -> None:
    """Build these files' generation unless another process just did.

    Raises what open_current raises.
    """
    try:
        settings.index.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _lock(settings.index):
            folder = settings.index / name_of(files, encoder=encoder_of(settings) is not None)
            if not (folder / "model.json").exists():
                _build(settings, files, folder, progress)
                _sweep(settings.index, folder)
    except OSError as error:
        raise IndexUnusable(
            f"the index folder {settings.index} cannot be written ({error}): "
            "free space or point XIAOHU_VAR elsewhere"
        ) from error


def load(
    settings: Settings, name: str, files: Mapping[str, bytes], analyser: Analyser | None = None
) -> Generation:
    """Open a built generation; its arrays are mapped, not read.

    analyser: one to take the dictionary from. Raises BadContent.
    """
    folder = settings.index / name
    content = read_content(settings.data, files)
    rows = [Row(*row) for row in json.loads((folder / "rows.json").read_text(encoding="utf-8"))]
    fields = {field: Field.load(folder, field) for field in FIELDS}
    analyser = (
        analyser.with_lexicon(content.lexicon)
        if analyser
        else Analyser(content.lexicon, settings.index / "words")
    )
    return Generation(
        name=name,
        content=content,
        analyser=analyser,
        rows=tuple(rows),
        compiled=Compiled(fields, Owners.of(rows), rows),
        model=Model.load(folder, fields, encoder_of(settings)),
        answers=Answers.load(folder / "answers"),
        spelling=Spelling.load(folder, analyser),
        articles=Articles.load(folder / "reading"),
    )


def _build(
    settings: Settings, files: Mapping[str, bytes], folder: Path, progress: Progress
) -> None:
    content = read_content(settings.data, files)
    if not content.faqs:
        raise IndexUnusable(f"{settings.data}/faq holds no usable FAQ: {_first(content.problems)}")
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    progress("splitting the questions into words")
    analyser = Analyser(content.lexicon, settings.index / "words")
    write_index(part / "whoosh", content, analyser)
    Answers.build(part / "answers", content, analyser)
    articles = articles_of(content, analyser)
    if articles is not None:
        articles.save(part / "reading")
    rows, postings = with_voices(*read_rows(part / "whoosh"), content, analyser)
    fields = {name: Field.compile(found, len(rows)) for name, found in postings.items()}
    for name, field in fields.items():
        field.save(part, name)
    # voices hold slips of the keys on purpose: only the editors spell
    Spelling.of((row.plain for row in rows if not row.author), analyser).save(part)
    listed = [[getattr(row, name) for name in Row.__slots__] for row in rows]
    (part / "rows.json").write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    kept = {name: raw.decode("utf-8", "replace") for name, raw in files.items()}
    (part / "files.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    (part / "code").write_text(code_digest(), encoding="ascii")
    compiled = Compiled(fields, Owners.of(rows), rows)
    fit(compiled, analyser, progress, encoder_of(settings)).save(part)
    _sync(part)
    # Whoosh never syncs; a generation has a name only once all of it is on the disk.
    part.rename(folder)
    _sync_folder(folder.parent)


def is_built(index: Path, name: str) -> bool:
    """Tell whether a generation of that name lies there whole."""
    return (index / name / "model.json").exists()


def newest(index: Path, *, of_any_code: bool = False) -> str | None:
    """Return the name of the newest generation that this code can open.

    of_any_code: also of one that another version of the program made, for the files in it.
    """
    folders = [path.parent for path in index.glob("*/code")]
    found = [folder for folder in folders if is_built(index, folder.name)]
    for folder in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
        with contextlib.suppress(OSError):  # swept meanwhile
            if of_any_code or (folder / "code").read_text(encoding="ascii") == code_digest():
                return folder.name
    return None


def files_of(index: Path, name: str) -> dict[str, bytes] | None:
    """Return the files that a generation was made from; None where it does not say."""
    try:
        kept = json.loads((index / name / "files.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {path: text.encode() for path, text in kept.items()}


def _first(problems: tuple[Problem, ...]) -> str:
    return str(problems[0]) if problems else "add data/faq/<category>/<id>.md"


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(index: Path, newest: Path) -> None:
    """Drop all but the newest generations; one that a process still maps lives until it closes."""
    found = [path for path in index.iterdir() if (path / "model.json").exists()]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[KEEP:]:
        if path != newest:
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _lock(index: Path) -> Iterator[None]:
    with (index / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
