"""Tells everybody that there is something new. Here it only says so."""

print("Announcing a release of tides")
