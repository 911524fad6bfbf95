"""Writes to the team's channel. Here it only says what it would send."""

import os

print("Telling the channel:", os.environ.get("DRONE_BUILD_EVENT", "a build"), "is red")
