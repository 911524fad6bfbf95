"""Uploads the site. Here it only says what it would send."""

import os

if not os.environ.get("SITE_TOKEN"):
    raise SystemExit("upload.py: SITE_TOKEN is empty")
print("Uploading the table of tides")
