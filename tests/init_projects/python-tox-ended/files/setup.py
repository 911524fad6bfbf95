from setuptools import setup

setup(name="lagoon", version="0.1.0", packages=["lagoon"])
