"""`python -m gigbox.cli`: as the command `gigbox`."""

import sys

from gigbox.cli import main

sys.exit(main())
