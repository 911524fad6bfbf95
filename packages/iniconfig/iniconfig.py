"""The workshop's stand-in for iniconfig. It is empty: the stand-in for pytest does without it."""
