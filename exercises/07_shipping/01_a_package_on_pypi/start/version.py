"""Compares the tag of the build with the version in pyproject.toml. Ends with 1 when they differ."""

import os
import re
import sys

with open("pyproject.toml", encoding="utf-8") as file:
    written = re.search(r'(?m)^version\s*=\s*"(.*?)"', file.read())[1]

tag = os.environ.get("DRONE_TAG", "")
if tag.removeprefix("v") != written:
    sys.exit(f"The tag is {tag or 'not there'}, and pyproject.toml says {written}. Make them say the same.")
print(f"The tag {tag} and pyproject.toml say the same.")
