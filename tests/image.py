"""Runs the image's own steps where no base image can be fetched: in roots made by debootstrap.

`python -m tests.image FOLDER` (as root, with debootstrap, both Pythons of this machine and half an
hour) makes a Debian root in the folder, with a Python in /usr/local as the base images have it,
carries out each step of `deploy/Containerfile` in it, and starts the entry's `migrate`, `web` and
`bot` as the image's user on a root that nothing can write to.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "deploy" / "Containerfile"
MIRROR = "http://deb.debian.org/debian"
NEEDED = (
    "ca-certificates", "libbz2-1.0", "libexpat1", "libffi8", "liblzma5", "libncursesw6",
    "libreadline8", "libsqlite3-0", "libssl3", "zlib1g",
)  # fmt: skip
STARTS = 900.0  # seconds for web and bot, which build and train at their first start
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PORTS = {"web": 8000, "bot": 5005}
# How this machine reaches its package index; the steps themselves name none.
WAYS = re.compile(r"PIP_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|\w+_(?:proxy|PROXY)")


@dataclass
class Stage:
    """One stage: its root, and what its ENV, WORKDIR and USER have set."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"


def steps() -> list[tuple[str, str]]:
    """Read the instructions, each with its words, ARGs filled in."""
    text = re.sub(r"^\s*#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.M)
    found = []
    known: dict[str, str] = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        name, _, words = line.strip().partition(" ")
        if name == "ARG":
            key, _, value = words.partition("=")
            known[key] = value
        elif name:
            found.append((name, re.sub(r"\$\{(\w+)\}", lambda m: known.get(m[1], m[0]), words)))
    return found


def base(folder: Path, debian: Path, image: str) -> Path:
    """Copy the Debian root, with the Python that an image is named after in /usr/local."""
    version = re.search(r"python:(\d+\.\d+)", image)
    assert version, image
    root = Path(folder)
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", str(debian), str(root)], check=True)
    python = shutil.which(f"python{version[1]}") or _of_pyenv(version[1])
    origin = subprocess.run(
        [python, "-c", "import sys; print(sys.base_prefix)"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    for part in ("bin", "lib"):
        subprocess.run(["cp", "-a", f"{origin}/{part}/.", f"{root}/usr/local/{part}/"], check=True)
    python3 = root / "usr" / "local" / "bin" / "python"
    python3.unlink(missing_ok=True)
    python3.symlink_to(f"python{version[1]}")
    subprocess.run(["chroot", str(root), "ldconfig"], check=True)
    return root


def _of_pyenv(version: str) -> str:
    return str(max(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")))


def copy(stage: Stage, origin: Path, words: list[str]) -> None:
    """Carry out COPY; `.` is what git tracks, without what the ignore file names."""
    *sources, target = words
    goal = stage.root / f"{stage.folder}/{target}".lstrip("/")
    if target.startswith("/"):
        goal = stage.root / target.lstrip("/")
    for source in sources:
        if source == ".":
            tracked = subprocess.run(
                ["git", "ls-files"], cwd=origin, check=True, capture_output=True, text=True
            ).stdout.split("\n")
            ignored = FILE.with_name("Containerfile.dockerignore").read_text().split()
            tops = tuple(one.rstrip("/") for one in ignored if "*" not in one)
            kept = [one for one in tracked if one and one.split("/")[0] not in tops]
            for one in kept:
                (goal / one).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin / one, goal / one, follow_symlinks=False)
        else:
            goal.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-aT", str(origin / source.lstrip("/")), str(goal)], check=True)


def command(stage: Stage, words: list[str], user: str) -> list[str]:
    """Put a command into a stage's root, as a user."""
    return [
        "chroot", f"--userspec={user}", str(stage.root), "/bin/sh", "-c",
        f'cd {stage.folder} && exec "$@"', "sh", *words,
    ]  # fmt: skip


def run(stage: Stage, words: str) -> None:
    """Carry out RUN."""
    ours = {name: value for name, value in os.environ.items() if WAYS.fullmatch(name)}
    env = {**ours, "PATH": PATH, **stage.env}
    subprocess.run(command(stage, ["/bin/sh", "-ec", words], stage.user), env=env, check=True)


def build(folder: Path) -> tuple[Stage, list[str]]:
    """Carry out all steps; returns the last stage, and the entry."""
    debian = folder / "debian"
    if not (debian / "etc" / "passwd").exists():
        words = ["--variant=minbase", f"--include={','.join(NEEDED)}", "bookworm"]
        subprocess.run(["debootstrap", *words, str(debian), MIRROR], check=True)
    for path in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        shutil.copyfile(f"/{path}", debian / path)
    stages: dict[str, Stage] = {}
    stage, entry = Stage(debian), [""]
    for number, (name, words) in enumerate(steps()):
        print(f"{name} {words}"[:110], flush=True)
        if name == "FROM":
            image, _, own = words.partition(" AS ")
            stage = Stage(base(folder / f"stage-{number}", debian, image))
            stages[own or "last"] = stage
        elif name == "COPY":
            origin, sources = ROOT, words.split()
            if sources[0].startswith("--from="):
                of = stages[sources.pop(0).removeprefix("--from=")]
                origin = of.root
                if not sources[0].startswith("/"):
                    sources[0] = f"{of.folder}/{sources[0]}"
            copy(stage, origin, sources)
        elif name == "RUN":
            run(stage, words)
        elif name == "WORKDIR":
            stage.folder = words
            (stage.root / words.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "ENV":
            stage.env |= dict(pair.split("=", 1) for pair in words.split())
        elif name == "USER":
            stage.user = words
        elif name == "ENTRYPOINT":
            entry = json.loads(words)
    return stage, entry


@contextlib.contextmanager
def read_only(stage: Stage, folder: Path, volume: Path) -> Iterator[Stage]:
    """Mount a root so that nothing can write to it but its volume and /tmp."""
    mounted = folder / "read-only"
    mounted.mkdir(exist_ok=True)
    inside = stage.env["XIAOHU_VAR"].lstrip("/")
    uid, gid = map(int, stage.user.split(":"))
    os.chown(volume, uid, gid)
    plan = (
        ["mount", "--bind", str(stage.root), str(mounted)],
        ["mount", "-o", "remount,bind,ro", str(mounted)],
        ["mount", "--bind", str(volume), str(mounted / inside)],
        ["mount", "-t", "tmpfs", "-o", "mode=1777", "image", str(mounted / "tmp")],
        ["mount", "--bind", "/dev", str(mounted / "dev")],
        ["mount", "-t", "proc", "proc", str(mounted / "proc")],
    )
    try:
        for one in plan:
            subprocess.run(one, check=True)
        yield Stage(mounted, stage.env, stage.folder, stage.user)
    finally:
        for place in ("proc", "dev", "tmp", inside, ""):
            subprocess.run(["umount", "-l", str(mounted / place)], capture_output=True)


def serve(stage: Stage, entry: list[str]) -> int:
    """Start the entry's commands; returns 0 when each did what it is for."""
    env = {"PATH": PATH, **stage.env, "XIAOHU_BOT_SECRET": "between web and bot of the image"}
    refused = subprocess.run(
        command(stage, ["/bin/sh", "-c", "echo x > /app/x"], stage.user), env=env,
        capture_output=True,
    )  # fmt: skip
    print(f"writing to the root: {'refused' if refused.returncode else 'POSSIBLE'}")
    migrated = subprocess.run(command(stage, [*entry, "migrate"], stage.user), env=env)
    print(f"migrate: {migrated.returncode}", flush=True)
    bad = migrated.returncode + (not refused.returncode)
    running = {
        name: subprocess.Popen(command(stage, [*entry, name], stage.user), env=env)
        for name in PORTS
    }
    try:
        for name, port in PORTS.items():
            answer = ready(running[name], port)
            print(f"{name}: {answer}", flush=True)
            bad += answer != "ready"
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(30)
    return 1 if bad else 0


def ready(process: subprocess.Popen[bytes], port: int) -> str:
    """Wait until a process is ready; returns what it says of itself."""
    import httpx

    deadline, said = time.monotonic() + STARTS, "no answer"
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10, trust_env=False)
            if answer.status_code == 200:
                return "ready"
            said = f"answers {answer.status_code}"
        time.sleep(1)
    return said if process.poll() is None else f"ended with {process.returncode}"


def main() -> int:
    """Build and start; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.image", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, help="one that is built already, to save its minutes")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    stage, entry = build(folder)
    volume = folder / "volume"
    shutil.rmtree(volume, ignore_errors=True)
    volume.mkdir()
    if options.index:
        shutil.copytree(options.index, volume / "index", symlinks=True)
        subprocess.run(["chown", "-R", stage.user, str(volume / "index")], check=True)
    with read_only(stage, folder, volume) as served:
        return serve(served, entry)


if __name__ == "__main__":
    sys.exit(main())
