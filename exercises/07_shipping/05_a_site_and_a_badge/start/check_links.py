"""Looks whether every link of the site leads to a page: python check_links.py site"""

import os
import re
import sys

folder = sys.argv[1] if len(sys.argv) > 1 else "site"
names = sorted(it for it in os.listdir(folder) if it.endswith(".html"))
dead = 0
for name in names:
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        targets = re.findall(r'href="([^"#:]+)"', file.read())
    for target in targets:
        if not os.path.exists(os.path.join(folder, target)):
            print(f"{name}: the link to {target} leads nowhere.")
            dead += 1
if dead or not names:
    sys.exit(f"{dead} dead links in {len(names)} pages.")
print(f"All links of {len(names)} pages lead somewhere.")
