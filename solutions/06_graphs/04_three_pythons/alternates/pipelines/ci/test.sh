set -e
python --version
python -m unittest -v
