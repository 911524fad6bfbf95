"""The workshop's stand-in for packaging. It is empty: the stand-in for pytest does without it."""
