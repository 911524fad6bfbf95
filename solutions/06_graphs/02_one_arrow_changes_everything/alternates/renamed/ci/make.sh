set -e
python make_site.py
