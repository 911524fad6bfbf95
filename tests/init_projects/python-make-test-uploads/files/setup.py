from setuptools import setup
setup(
    name="bq-lite",
    version="0.1",
    python_requires=">=3.12, <3.13",
    packages=["bq_lite"],
)
