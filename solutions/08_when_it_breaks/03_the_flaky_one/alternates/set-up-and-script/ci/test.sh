set -e
python --version
python shuffled.py
