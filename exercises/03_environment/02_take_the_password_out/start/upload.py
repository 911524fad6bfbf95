"""Uploads a report to the archive. Here it only says what it would send."""

import os
import sys


def main():
    """Needs a file and the variable UPLOAD_TOKEN."""
    token = os.environ.get("UPLOAD_TOKEN", "")
    if not token:
        raise SystemExit("upload.py: UPLOAD_TOKEN is empty")
    # A program should not print its token. This one does, so that you see what the log makes of it.
    print(f"Uploading {sys.argv[1]} with the token {token}")


main()
