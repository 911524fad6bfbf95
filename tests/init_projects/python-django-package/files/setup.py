from setuptools import setup

setup(
    name="django-pennants",
    version="0.4",
    packages=["pennants"],
    install_requires=["Django>=5.1,<6"],
    tests_require=["freezegun>=1.5"],
    test_suite="runtests",
    classifiers=["Framework :: Django", "Programming Language :: Python :: 3.11"],
)
