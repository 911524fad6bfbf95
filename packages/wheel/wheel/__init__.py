"""The workshop's stand-in for wheel. The one for setuptools packs wheels itself; this only satisfies who asks for it."""
