"""`python3 -m start`: the whole product in the foreground; `python3 -m start bots`: its bots."""

import sys

from start.supervisor import main

sys.exit(main(*sys.argv[1:2]))
