"""Brings the pages to the web server. Here it only says which it would send."""

from pathlib import Path

pages = sorted(it.name for it in Path("site").glob("*.html"))
print("Deploying", ", ".join(pages) if pages else "an empty site")
