"""Publishes the package. Here it only says what it would send."""

import os

if not os.environ.get("UPLOAD_TOKEN"):
    raise SystemExit("publish.py: UPLOAD_TOKEN is empty")
print("Publishing fair-share", os.environ.get("DRONE_TAG", "without a version"))
