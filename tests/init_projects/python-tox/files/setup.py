from setuptools import setup
setup(name="harbour", version="1", py_modules=["harbour"])
