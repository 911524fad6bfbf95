"""Publishes the package. Here it only says what it would send."""

import os

print("Publishing fair-share", os.environ.get("DRONE_TAG", "without a version"))
