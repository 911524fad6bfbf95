from setuptools import setup

setup(name="fathom", version="0.3", packages=["fathom"])
