"""What the README promises."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = re.compile(r"""["'](XIAOHU_[A-Z_]+|OTEL_[A-Z_]+|DATABASE_URL|REDIS_URL|SECRET_KEY)["']""")


def settings_in_code() -> set[str]:
    found: set[str] = set()
    for folder in ("web", "bot", "search", "actions", "start", "faq", "tracing"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(NAMES.findall(path.read_text(encoding="utf-8")))
    variables = (ROOT / "data" / "variables.yml").read_text(encoding="utf-8")
    found |= {f"XIAOHU_{name.upper()}" for name in re.findall(r"^([a-z_]+):", variables, re.M)}
    return found


def test_every_setting_is_documented() -> None:
    assert settings_in_code() - set(re.findall(r"`([A-Z_]+)`", README)) == set()


def test_every_documented_setting_is_read() -> None:
    table = README[README.index("## Settings") : README.index("## Layout")]
    documented = set(re.findall(r"`((?:XIAOHU|OTEL|DATABASE|REDIS|SECRET)_[A-Z_]+)`", table))
    assert documented - settings_in_code() == set()


def test_the_two_commands_come_first() -> None:
    first = README[: README.index("##")]
    assert "make run" in first
    assert "make test" in first
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", README.replace("and make is", "")):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_pictures_and_pages_that_are_named_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_every_folder_of_the_layout_exists() -> None:
    layout = README[README.index("## Layout") :]
    for folder in re.findall(r"^\| `([a-z]+)/`", layout, re.M):
        assert (ROOT / folder).is_dir(), folder


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_links_between_the_documents_lead_somewhere() -> None:
    pages = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "operating.md"]
    for page in [*pages, *(ROOT / "docs" / "decisions").glob("*.md")]:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            name, _, heading = target.partition("#")
            other = (page.parent / name) if name else page
            assert other.exists(), f"{page.name}: {target}"
            assert not heading or heading in anchors(other), f"{page.name}: {target}"


def test_every_path_that_contributors_are_sent_to_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:[a-z_]+/)+[\w.]+)`", text):
        assert (ROOT / name).exists(), name


def test_every_folder_of_code_has_its_heading() -> None:
    heads = anchors(ROOT / "ARCHITECTURE.md")
    tops = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    rooms = [path for path in (ROOT / "web").iterdir() if (path / "__init__.py").exists()]
    names = {path.relative_to(ROOT).as_posix() for path in [*tops, *rooms]}
    names -= {"var", "docs", "node_modules"}
    tracked = {name for name in names if any((ROOT / name).rglob("*.*"))}
    assert {name for name in tracked if name.replace("/", "") not in heads} == set()


def test_every_file_and_command_that_the_documents_name_is_there() -> None:
    tops = {path.name for path in ROOT.iterdir()} - {"var"}  # which is made, not shipped
    commands = r"python -m ((?:web|bot|faq|search|benchmarks|tests)[\w.]*)"
    named: list[str] = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        if page.name == "CHANGELOG.md":  # tells of what was
            continue
        text = page.read_text(encoding="utf-8")
        paths = re.findall(r"`([\w.-]+/[\w./-]*)`", text)
        named += [path for path in paths if path.split("/")[0] in tops]
        for module in re.findall(commands, text):
            path = module.rstrip(".").replace(".", "/")
            named.append(path if (ROOT / path).is_dir() else f"{path}.py")
    assert [path for path in named if not (ROOT / path).exists()] == []
