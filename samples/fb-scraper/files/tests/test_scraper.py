"""How it walks from page to page, with a `fetch` that reads recordings; and what it does with the token."""

import contextlib
import io
import pathlib
import unittest

from fb_scraper.__main__ import main
from fb_scraper.fetch import Fetcher
from fb_scraper.scraper import posts_of

PAGES = pathlib.Path(__file__).parent / "pages"
ADDRESS = "https://pages.example.com/corner-bakery"


class Recording:
    """Answers from files, and remembers what was asked."""

    def __init__(self, **pages):
        self.pages = pages
        self.asked = []

    def __call__(self, address):
        self.asked.append(address)
        name = self.pages["older" if address.endswith("?page=2") else "newest"]
        return (PAGES / name).read_text(encoding="utf-8")


class ScraperTest(unittest.TestCase):
    def test_it_follows_the_link_to_older_posts(self):
        fetch = Recording(newest="first.html", older="second.html")
        posts = list(posts_of(ADDRESS, fetch))
        self.assertEqual([post.identifier for post in posts], ["p3", "p2", "p1"])
        self.assertEqual(fetch.asked, [ADDRESS, ADDRESS + "?page=2"])

    def test_a_page_that_leads_to_itself_ends_the_walk(self):
        fetch = Recording(newest="first.html", older="first.html")
        self.assertEqual(len(list(posts_of(ADDRESS, fetch))), 2)
        self.assertEqual(len(fetch.asked), 2)

    def test_it_stops_after_the_most_pages_allowed(self):
        fetch = Recording(newest="first.html", older="second.html")
        self.assertEqual(len(list(posts_of(ADDRESS, fetch, most_pages=1))), 2)


class TokenTest(unittest.TestCase):
    def test_the_token_travels_in_a_header_and_not_in_the_address(self):
        request = Fetcher("s3cret").request(ADDRESS)
        self.assertEqual(request.get_header("Authorization"), "Bearer s3cret")
        self.assertNotIn("s3cret", request.full_url)

    def test_the_token_is_not_printed(self):
        self.assertNotIn("s3cret", repr(Fetcher("s3cret")))

    def test_without_a_token_it_says_so_before_it_asks(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(main([ADDRESS], {}), 3)
        self.assertIn("FB_TOKEN is not set", said.getvalue())


if __name__ == "__main__":
    unittest.main()
