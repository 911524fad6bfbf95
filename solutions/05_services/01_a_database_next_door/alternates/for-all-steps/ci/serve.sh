#!/bin/sh
set -e
python store.py
