from setuptools import setup

setup(name="ebb", version="0.1.0", packages=["ebb"], python_requires=">=3.11,<3.12")
