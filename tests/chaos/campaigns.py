"""One campaign: customers talk, one fault follows the other, the judge counts what is left."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence

from tests.chaos.customers import GIVEN_UP, PATIENCE, Talk
from tests.chaos.faults import Fault
from tests.chaos.judging import SOON, Outcome, judge

LULL = 1.5  # seconds of ordinary traffic between faults


def campaign(
    addresses: Sequence[str],
    faults: Sequence[Fault],
    customers: int,
    pace: float,
    until: float = float("inf"),
    soon: float = SOON,
) -> tuple[Outcome, list[str]]:
    """Let customers talk while one fault follows the other, and judge what is left.

    until: when, on the monotonic clock, no further fault begins; those are returned too. soon: the
    seconds after the last fault within which all is answered.
    """
    talks = [
        Talk([*addresses[number % len(addresses) :], *addresses[: number % len(addresses)]])
        for number in range(customers)
    ]
    ended = threading.Event()
    threads = [
        threading.Thread(target=talk.go_on, args=(ended, pace), daemon=True) for talk in talks
    ]
    for thread in threads:
        thread.start()
    left = [fault.name for fault in faults]
    try:
        for fault in faults:
            time.sleep(LULL)
            if time.monotonic() > until:
                break
            began = time.monotonic()
            fault.strike()
            left.remove(fault.name)
            print(f"  {fault.name}: {time.monotonic() - began:.1f} s", flush=True)
    finally:
        ended.set()
    fixed, over = time.time(), time.monotonic()
    for thread in threads:
        thread.join(max(0.0, over + GIVEN_UP + PATIENCE - time.monotonic()))
    print(f"  last acknowledged {time.monotonic() - over:.1f} s after the last fault")
    troubles = sum((talk.troubles for talk in talks), Counter())
    print(f"  seen by customers: {dict(troubles)}", flush=True)
    return judge(talks, fixed, soon=soon), left


def show(title: str, outcome: Outcome) -> None:
    """Print what a campaign came to."""
    print(
        f"{title}: acknowledged {outcome.acknowledged}, lost {outcome.lost}, doubled "
        f"{outcome.doubled}, out of order {outcome.disordered}, "
        f"owed longer than {outcome.soon:.0f} s {outcome.owed} "
        f"(the last answer {outcome.slowest:.1f} s after the last fault's end or its message)",
        flush=True,
    )
