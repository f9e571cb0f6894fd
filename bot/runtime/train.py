"""Trains the assistant when needed: `python -m bot.runtime.train [--force]`."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import fcntl
import io
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from bot.runtime import models
from bot.runtime.fingerprint import fingerprint
from bot.runtime.settings import ROOT

Progress = Callable[[str], None]


class TrainingFailed(Exception):
    """Rasa made no model; its own words were printed before."""


def main(arguments: list[str] | None = None) -> int:
    """Train if what the model is made from changed; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bot.runtime.train", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of config.yml and bot/")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    options = parser.parse_args(arguments)
    try:
        train(options.root, options.models, force=options.force, progress=_print)
    except TrainingFailed as error:
        print(f"bot: {error}", file=sys.stderr)
        return 1
    return 0


def train(root: Path, folder: Path, *, force: bool, progress: Progress) -> Path:
    """Return the model of the sources under root, trained now unless it is there already.

    folder: where models are kept, the last two of them. Raises TrainingFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two starts at once, the second finds the model
        mark = fingerprint(root)
        model = models.current(folder, mark)
        if model and not force:
            progress(f"model {model.name} is up to date")
            return model
        began = time.monotonic()
        progress("training: loading Rasa")
        model = folder / models.name_for(dt.datetime.now(dt.timezone.utc), mark)
        _train(root, model, progress)
        models.drop_old(folder)
        progress(f"trained {model.name} in {time.monotonic() - began:.1f} s")
        return model


def _train(root: Path, model: Path, progress: Progress) -> None:
    # Imported late: Rasa takes seconds, and nothing of it is needed when nothing changed.
    from bot.runtime.absent import LEFT_OUT, TO_TRAIN, leave_out
    from bot.runtime.quiet import keep_discreet, keep_offline

    keep_offline()
    keep_discreet()
    leave_out(LEFT_OUT - TO_TRAIN)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as scratch:
        made = _run_rasa(root, Path(scratch), model.name, progress)
        # Moved in one step: a server never finds half a model.
        made.replace(model)


def _run_rasa(root: Path, folder: Path, name: str, progress: Progress) -> Path:
    import rasa.model_training
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    progress("training: rules and forms")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", UserWarning)
        try:
            result = rasa.model_training.train(
                domain=str(root / "bot" / "domain"),
                config=str(root / "config.yml"),
                training_files=[str(root / "bot" / "rules"), str(root / "bot" / "nlu")],
                output=str(folder),
                force_training=True,
                fixed_model_name=name,
            )
        except Exception as error:
            raise TrainingFailed(f"training failed: {error}") from error
    # With a domain that cannot be read, Rasa warns and makes a model that never says anything.
    if not result.model or not LocalModelStorage.metadata_from_archive(result.model).core_target:
        heard = [said.getvalue(), *(str(warning.message) for warning in warned)]
        why = "\n".join(text.strip() for text in heard if text.strip())
        raise TrainingFailed(f"training failed: no dialogue could be trained\n{why}")
    return Path(result.model)


def _print(step: str) -> None:
    print(f"bot: {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
