from setuptools import Extension, setup

NAME = "tidemark"

setup(
    name=NAME,
    version="1.2",
    packages=["tidemark", "tidemark.tests"],
    python_requires=">=3.11,<3.14",
    ext_modules=[Extension("tidemark._fast", ["src/fast.c"])],
    extras_require={"test": ["pytest"]},
)
