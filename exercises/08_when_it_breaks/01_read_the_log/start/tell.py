"""Tells the channel of the team that something is red."""

import os

channel = os.environ.get("CHANNEL")
if not channel:
    raise SystemExit("FATAL: tell.py does not know the channel, CHANNEL is empty")
print("Telling", channel)
