"""Writes to the team's channel. Here it only says what it would send."""

import os

branch = os.environ.get("DRONE_BRANCH", "a branch")
steps = os.environ.get("DRONE_FAILED_STEPS", "")
print(f"Telling the channel: {branch} is {'broken in ' + steps if steps else 'broken'}")
