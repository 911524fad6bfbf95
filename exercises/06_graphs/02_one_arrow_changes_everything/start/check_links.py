"""Follows each link of the pages. A link that leads nowhere is an error."""

import re
import sys
from pathlib import Path

dead = 0
for page in Path("site").glob("*.html"):
    for target in re.findall(r"href='([^']*)'", page.read_text()):
        if not Path("site", target).exists():
            print(f"{page}: {target} leads nowhere")
            dead += 1
sys.exit(1 if dead else 0)
