"""What a page holds. The page is a recording, so the answer is the same everywhere."""

import pathlib
import unittest

from fb_scraper.page import Post, count, parse

PAGES = pathlib.Path(__file__).parent / "pages"


class PageTest(unittest.TestCase):
    def setUp(self):
        self.page = parse((PAGES / "first.html").read_text(encoding="utf-8"))

    def test_a_post_has_its_day_text_and_likes(self):
        self.assertEqual(self.page.posts[0], Post("p3", "2019-07-19", "Fresh rye & sourdough from eight.", 1204))

    def test_text_outside_a_post_is_passed_over(self):
        self.assertEqual([post.identifier for post in self.page.posts], ["p3", "p2"])

    def test_a_page_knows_the_next_one(self):
        self.assertEqual(self.page.next_address, "?page=2")

    def test_an_empty_page_has_no_posts(self):
        self.assertEqual(parse("<html></html>").posts, ())


class CountTest(unittest.TestCase):
    def test_counts_as_people_read_them(self):
        for text, number in [("7", 7), ("1,204", 1204), ("3.5K", 3500), ("12k", 12000), ("", 0)]:
            with self.subTest(text):
                self.assertEqual(count(text), number)


if __name__ == "__main__":
    unittest.main()
