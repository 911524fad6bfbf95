from setuptools import setup
setup(name="gull", version="1", python_requires=">=3.12", py_modules=["gull"])
