"""The workshop's small stand-in for build: a project → `dist/NAME-VERSION.tar.gz` and `dist/NAME-VERSION-….whl`."""
