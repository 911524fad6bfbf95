set -e
python make_table.py
