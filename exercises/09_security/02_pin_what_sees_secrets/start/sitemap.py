"""Tells a search engine which pages are new. Here it only says what it would send."""

import os

if not os.environ.get("SEARCH_KEY"):
    raise SystemExit("sitemap.py: SEARCH_KEY is empty")
print("Telling the search engine of 365 pages")
