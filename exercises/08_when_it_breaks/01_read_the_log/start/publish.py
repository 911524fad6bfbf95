"""Publishes the table. Here it only says what it would send."""

print("Publishing the table of stations")
