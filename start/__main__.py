"""`python3 -m start`: the whole product in the foreground."""

import sys

from start.supervisor import main

sys.exit(main())
