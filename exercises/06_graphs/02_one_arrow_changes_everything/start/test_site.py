import unittest
from pathlib import Path


class Site(unittest.TestCase):
    def test_each_page_has_a_title(self):
        pages = list(Path("site").glob("*.html"))
        self.assertEqual(len(pages), 2)
        for page in pages:
            self.assertIn("<title>", page.read_text())
