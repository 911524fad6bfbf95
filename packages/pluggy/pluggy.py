"""The workshop's stand-in for pluggy. It is empty: the stand-in for pytest does without it."""
