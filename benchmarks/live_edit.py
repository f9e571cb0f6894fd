"""How long an edit takes to be live: save → the engine answers with it, at several sizes.

`python -m benchmarks.live_edit [100 1000 10000]` makes a content folder of so many FAQs out of the
shipped ones, opens it as web does, and edits it EDITS times while a thread keeps asking. Prints the
median and the worst time, how many questions were asked meanwhile, and how many failed (none may).
Times depend on the machine; the ratio to a fit of everything, printed beside, does not.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml

from search import Engine, Settings, open_engine, open_live

EDITS = 20
LIMIT = 10.0
# Similar questions of each FAQ; in the largest folder fewer, for a fit takes rows × FAQs of memory.
SIMILAR, LARGE, FEW = 8, 5_000, 2
SEED = 20_261_121
SHIPPED = Path(__file__).resolve().parent.parent / "data"


def main(sizes: list[int]) -> int:
    """Run the sizes one after the other; returns 1 when a query failed."""
    failed = 0
    print("FAQs    rows     fit      edit → live: median   worst   asked  failed")
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="live-edit-") as name:
            failed += _measure(Path(name), size)
    return 1 if failed else 0


def _measure(folder: Path, size: int) -> int:
    settings = Settings(folder / "data", folder / "var" / "index")
    make_content(settings.data, size)
    begun = time.perf_counter()
    open_engine(settings)
    fitted = time.perf_counter() - begun
    stopped = threading.Event()
    engine = open_live(settings, stopped=stopped)
    asked, failures = [0], [0]
    asking = threading.Thread(target=_ask, args=(engine, stopped, asked, failures))
    asking.start()
    took = [_edit(engine, settings.data, number) for number in range(EDITS)]
    stopped.set()
    asking.join()
    rows = len(engine.generation.rows)
    print(
        f"{size:5}  {rows:6}  {fitted:5.1f} s  {statistics.median(took):19.2f} s"
        f"  {max(took):5.2f} s  {asked[0]:6}  {failures[0]:6}",
        flush=True,
    )
    return failures[0]


def _edit(engine: Engine, data: Path, number: int) -> float:
    """Add a similar question that nothing else resembles, and wait until it is answered."""
    paths = sorted(data.glob("faq/*/*.md"))
    path = paths[(number * 7919) % len(paths)]
    text = path.read_text(encoding="utf-8")
    words = "".join(random.Random(number).sample(_RARE, 7)) + "怎么擦"  # noqa: S311
    path.write_text(text.replace("similar:\n", f"similar:\n- {words}\n", 1), encoding="utf-8")
    begun = time.perf_counter()
    while time.perf_counter() - begun < LIMIT:
        hits = engine.rank(words, limit=1).hits
        if hits and hits[0].id == path.stem and hits[0].matched == words:
            return time.perf_counter() - begun
        time.sleep(0.005)
    return float("inf")


def _ask(engine: Engine, stopped: threading.Event, asked: list[int], failed: list[int]) -> None:
    questions = [faq.question for faq in engine.faqs()][:50]
    while not stopped.is_set():
        for question in questions:
            try:
                if not engine.rank(question, limit=3).hits:
                    failed[0] += 1
            except Exception as error:
                failed[0] += 1
                print(f"failed: {error!r}", file=sys.stderr)
            asked[0] += 1
            time.sleep(0.01)


def make_content(data: Path, size: int) -> None:
    """Write `size` FAQs: the shipped questions, and copies of them in other characters.

    The copies share as little with one another as real questions about different things do.
    """
    shutil.copytree(SHIPPED / "lexicon", data / "lexicon")
    for name in ("categories.yml", "variables.yml"):
        shutil.copy(SHIPPED / name, data / name)
    shipped = sorted((SHIPPED / "faq").glob("*/*.md"))
    draw = random.Random(SEED)  # noqa: S311 - nothing secret
    for number in range(size):
        source = shipped[number % len(shipped)]
        head, _, body = source.read_text(encoding="utf-8")[4:].partition("\n---\n")
        values = yaml.safe_load(head)
        copy = number // len(shipped)
        if copy:
            values["question"] = _moved(values["question"], copy)
            values["similar"] = list({_moved(text, copy): None for text in values["similar"]})
            values["id"] = f"{values['id']}-{copy}"
        values["similar"] = draw.sample(values["similar"], FEW if size > LARGE else SIMILAR)
        values["related"] = []
        values.pop("flow", None)  # a copy starts none, so that no folder of flows is needed
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, default_flow_style=False)
        path = data / "faq" / source.parent.name / f"{values['id']}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{text}---\n{body}", encoding="utf-8")


def _moved(text: str, copy: int) -> str:
    """Write a text in other Han characters, the same ones for one copy."""
    return "".join(
        chr(0x4E00 + (ord(char) - 0x4E00 + 1_777 * copy) % 20_000) if char >= "\u4e00" else char
        for char in text
        if not "\u2e80" <= char < "\u4e00"
    )


# Characters of the edits; no shipped question asks about animals.
_RARE = "鲸鹰鹤鹿豹虎狼狐兔鸦鸽雀燕蝉蝶蚁蜂蜗蛙蛇鱼虾蟹贝螺鳄龟犀象猴猫狗牛羊马驴骡驼猪鸡鸭鹅"


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000]))
