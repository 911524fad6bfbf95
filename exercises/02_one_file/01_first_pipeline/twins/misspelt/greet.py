"""Says hello, and on which Python."""

import platform

print(f"Hello from a clean machine, on Python {platform.python_versoin()}.")
