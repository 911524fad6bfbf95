"""Publishes the program. Here it only says what it would send."""

print("Publishing the waiting list")
