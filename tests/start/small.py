"""A supervisor with two small children, as a process that can be killed: PORT PORT."""

import sys
import threading

from start.guard import Guard
from start.supervisor import run
from tests.start.conftest import PACE, child

if __name__ == "__main__":
    guard = Guard(grace=0.5)
    services = [child("web", int(sys.argv[1])), child("bot", int(sys.argv[2]))]
    run(services, threading.Event(), guard, PACE)
