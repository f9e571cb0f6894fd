"""How many secrets stay, how many harmless numbers are hidden: python -m benchmarks.secrets."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from benchmarks.harmless_corpus import harmless_cases
from benchmarks.secret_corpus import Case, secret_cases
from web.desk.masking import Said, compiled, listen, mark, mask

SCRIPT = Path(__file__).parents[1] / "web" / "widget" / "static" / "masking.js"
GOAL = 0.005
KEPT = 4  # the last digits of a card stay, so that its owner knows it again
RUN = """
import {{ readFileSync }} from "node:fs";
import {{ listenWith, maskWith }} from {module};
const {{ table, cases }} = JSON.parse(readFileSync(0, "utf-8"));
const [mask, listen] = [maskWith(table), listenWith(table)];
const masked = cases.map(({{ text, said }}) => {{
  const {{ expects, talk }} = listen(said);
  return mask(text, expects, talk).text;
}});
process.stdout.write(JSON.stringify(masked));
"""


def by_server(cases: list[Case]) -> list[str]:
    """Mask the messages as the server does."""
    return [mask(case.text, *listen([Said(**said) for said in _said(case)]))[0] for case in cases]


def by_browser(cases: list[Case]) -> list[str] | None:
    """Mask the messages as the browser does, in node; None where there is no node."""
    node = shutil.which("node")
    if node is None:
        return None
    shown = [{"text": case.text, "said": _said(case)} for case in cases]
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "masking.mjs"
        module.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
        run = Path(folder) / "run.mjs"
        run.write_text(RUN.format(module=json.dumps(module.as_uri())), encoding="utf-8")
        done = subprocess.run(  # noqa: S603
            [node, str(run)],
            input=json.dumps({"table": compiled(), "cases": shown}),
            capture_output=True,
            text=True,
            check=True,
        )
    masked: list[str] = json.loads(done.stdout)
    return masked


def missed(cases: list[Case], masked: list[str]) -> list[tuple[Case, str]]:
    """Return the messages of which a secret stayed."""
    return [(case, text) for case, text in zip(cases, masked, strict=True) if _stays(case, text)]


def hidden(cases: list[Case], masked: list[str]) -> list[tuple[Case, str]]:
    """Return the harmless messages of which something was hidden."""
    return [(case, text) for case, text in zip(cases, masked, strict=True) if text != case.text]


def _said(case: Case) -> list[dict[str, str | None]]:
    last = len(case.before) - 1
    return [
        {"who": who, "text": text, "expects": case.expects if at == last else None}
        for at, (who, text) in enumerate(case.before)
    ]


def _stays(case: Case, text: str) -> bool:
    """Tell whether a secret can be read; of a card number the last four digits may."""
    left = _bare(text)
    for secret in case.secrets:
        plain = _bare(secret)
        # nothing long enough to help a thief: four characters on end beside a card's last
        pieces = {plain[at : at + KEPT + 1] for at in range(len(plain) - KEPT)} or {plain}
        if len(plain) <= KEPT + 2:
            pieces = {plain}
        if any(piece in left for piece in pieces):
            return True
    return mark() not in text


def _bare(text: str) -> str:
    """Return the letters and digits of a text as plain as can be."""
    spoken = str.maketrans("零一二三四五六七八九", "0123456789")
    plain = unicodedata.normalize("NFKC", text.replace(mark(), "\n")).lower().translate(spoken)
    return "".join(char for char in plain if char == "\n" or (char.isascii() and char.isalnum()))


def main() -> int:
    """Print the rates of both sides; 1 where a goal is missed."""
    harmful, harmless = secret_cases(), harmless_cases()
    cases = harmful + harmless
    good = True
    for side, masked in (("server", by_server(cases)), ("browser", by_browser(cases))):
        if masked is None:
            print("browser: not measured, there is no node")
            continue
        misses = missed(harmful, masked[: len(harmful)])
        false = hidden(harmless, masked[len(harmful) :])
        for name, wrong, of in (("missed", misses, harmful), ("falsely hidden", false, harmless)):
            rate = len(wrong) / len(of)
            good &= rate <= GOAL
            print(f"{side}: {name} {len(wrong)} of {len(of)} ({rate:.2%}, goal ≤ {GOAL:.1%})")
            totals = Counter(case.group for case in of)
            for group, count in Counter(case.group for case, _ in wrong).most_common():
                print(f"    {group}: {count} of {totals[group]}")
            if "--show" in sys.argv and side == "server":
                for case, text in wrong:
                    print(f"    {case.group}: {case.text!r} → {text!r} after {case.before}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
