"""Whether what a server told is what the scripts are typed from, as their own compiler sees it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from start import scripts
from start.environments import SetupError

TYPES = scripts.ROOT / "web" / "types"
FOUND = (*sorted(str(path) for path in TYPES.glob("*.d.ts")), "told.ts")
OPTIONS = {
    "strict": True,
    "noEmit": True,
    "skipLibCheck": True,
    "types": [],
    "lib": ["es2023", "dom"],
}


def faults(folder: Path, told: Mapping[str, Any]) -> str:
    """Say where values are not of the types under which they stand; "" where all are.

    A field that a type does not name is a fault as well as one that is missing. Skips where the
    compiler cannot be had, but in CI.
    """
    try:
        node = scripts.tools()
    except SetupError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"NO COMPILER, so no type was looked at: {error}")
    lines = [
        f"export const told{at}: {kind} = {json.dumps(value, ensure_ascii=False)};\n"
        for at, (kind, value) in enumerate(told.items())
    ]
    (folder / "told.ts").write_text("".join(lines), encoding="utf-8")
    config = {"compilerOptions": OPTIONS, "files": FOUND}
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    command = [node, str(scripts.ROOT / dict(scripts.CHECKS)["types"][0]), "--pretty", "false"]
    done = subprocess.run(
        [*command, "--project", str(folder)], stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout
