from setuptools import setup
setup(name="fern", version="1", python_requires="<3.13,>=3.12", py_modules=["fern"])
