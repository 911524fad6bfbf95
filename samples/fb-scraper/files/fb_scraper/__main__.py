"""The command line: an address in, one JSON object a post out."""

import dataclasses
import json
import os
import sys

from fb_scraper.fetch import Fetcher
from fb_scraper.scraper import posts_of


def main(arguments, environment):
    if len(arguments) != 1:
        print("usage: python3 -m fb_scraper ADDRESS", file=sys.stderr)
        return 2
    token = environment.get("FB_TOKEN", "")
    if not token:
        print("FB_TOKEN is not set: the site answers only with a token", file=sys.stderr)
        return 3
    for post in posts_of(arguments[0], Fetcher(token)):
        print(json.dumps(dataclasses.asdict(post)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
