#!/bin/sh
# Ends at the first command that fails.
set -e
python version.py
python -m venv .venv
.venv/bin/pip install build==1.3.0 twine==6.2.0
.venv/bin/python -m build
.venv/bin/twine check dist/*
