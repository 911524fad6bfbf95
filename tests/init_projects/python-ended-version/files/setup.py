from setuptools import setup
setup(name="fossil", version="1", python_requires=">=3.6,<3.8", packages=["fossil"], extras_require={"test": ["pytest<8"]})
