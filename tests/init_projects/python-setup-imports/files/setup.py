import numpy
from setuptools import setup

setup(
    name="wavelets",
    version=f"1.{len(numpy.zeros(2))}",
    packages=["wavelets"],
    python_requires=">=3.12,<3.13",
    install_requires=["numpy"],
    extras_require={"test": ["pytest"]},
)
