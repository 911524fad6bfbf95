"""The workshop's stand-in for pygments. It is empty: the stand-in for pytest does without it."""
