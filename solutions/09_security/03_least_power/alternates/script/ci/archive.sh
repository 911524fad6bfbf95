#!/bin/sh
set -e
python -m unittest
python ./make_archive.py
