"""Does the live page still look like the recorded one? Needs the network and a token, so no test calls it."""

import os
import sys

from fb_scraper.fetch import Fetcher
from fb_scraper.scraper import posts_of


def main(address, token):
    if not token:
        print("FB_TOKEN is empty: is the secret fb_token there, under that name?")
        return 1
    posts = list(posts_of(address, Fetcher(token), most_pages=1))
    if not posts or not all(post.identifier and post.day for post in posts):
        print("The page has changed: no post, or one without its day. Record it anew and mend page.py.")
        return 1
    print(f"{len(posts)} posts read: the page looks as recorded.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ.get("FB_TOKEN", "")))
