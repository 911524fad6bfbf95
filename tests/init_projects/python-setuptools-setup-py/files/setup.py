from setuptools import find_packages, setup

setup(
    name="brick-wall",
    version="2.0",
    packages=find_packages(),
    python_requires=">=3.6",
    install_requires=["attrs"],
    extras_require={
        "dev": ["pytest>=7", "flake8"],
        "docs": ["sphinx"],
    },
)
