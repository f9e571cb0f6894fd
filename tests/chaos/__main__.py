"""Runs the campaigns, each within its time."""

from __future__ import annotations

import argparse
import faulthandler
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

import tests.chaos
from tests.chaos.campaigns import campaign, show
from tests.chaos.places import alone, cluster

END = 180.0  # seconds of a campaign's time that are kept for customers to finish and the judge
OVERDUE = 60.0  # seconds beyond its time after which a campaign is ended by force
PLACES = {"sqlite": alone, "cluster": cluster}


def main() -> int:
    """Run the campaigns; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.chaos", description=tests.chaos.__doc__)
    parser.add_argument("--customers", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=1, help="of all faults")
    parser.add_argument("--only", choices=list(PLACES))
    parser.add_argument("--minutes", type=float, default=15, help="that one campaign may take")
    options = parser.parse_args()
    titles = [options.only] if options.only else list(PLACES)
    return max(run(title, options) for title in titles)


def run(title: str, options: argparse.Namespace) -> int:
    """Run one campaign; returns 0 when it was sound and whole."""
    print(f"{title} …", flush=True)
    began, most = time.monotonic(), options.minutes * 60
    watchdog = threading.Timer(most + OVERDUE, give_up)
    watchdog.daemon = True
    watchdog.start()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where we are root
        with PLACES[title](Path(folder)) as place:
            for what in place.left_out:
                print(f"  without {what}", flush=True)
            print(f"  ready after {time.monotonic() - began:.0f} s", flush=True)
            faults = place.faults * options.rounds
            until = began + most - END
            outcome, left = campaign(place.addresses, faults, options.customers, 0.4, until)
    watchdog.cancel()
    show(title, outcome)
    if left:
        print(f"  no time was left for: {', '.join(left)}", flush=True)
    return 0 if outcome.sound and not left else 1


def give_up() -> None:
    """Say where everything stands, and end with all that was begun."""
    print("  the campaign did not end in its time:", flush=True)
    faulthandler.dump_traceback(all_threads=True)
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    os._exit(2)


if __name__ == "__main__":
    sys.exit(main())
