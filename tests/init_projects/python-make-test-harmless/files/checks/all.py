import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tool import double  # noqa: E402

assert double(4) == 8
print("fine")
