"""How the package is built. What it needs stands in requirements.txt, once."""

import pathlib
import re

from setuptools import setup

HERE = pathlib.Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / "bqup" / "__init__.py").read_text(encoding="utf-8")).group(1)

setup(
    name="bqup-practice",
    version=VERSION,
    description="Backs up the views of a data warehouse",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    packages=["bqup"],
    python_requires=">=3.9",
    install_requires=(HERE / "requirements.txt").read_text(encoding="utf-8").split(),
    entry_points={"console_scripts": ["bqup = bqup.__main__:main"]},
)
