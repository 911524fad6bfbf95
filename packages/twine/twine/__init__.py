"""The workshop's small stand-in for twine: says what would be uploaded. Nothing leaves this computer."""
