"""`python -m pytest`"""

from pytest import console_main

console_main()
