set -e
python make_package.py
