"""The workshop's small stand-in for coverage: which lines of the project were run."""
