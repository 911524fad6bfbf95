from setuptools import setup
setup(name="sail", version="1", python_requires=">=3.13", packages=["sail"])
