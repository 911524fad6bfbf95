from setuptools import find_packages, setup

setup(name="charts", version="0.1", packages=find_packages())
