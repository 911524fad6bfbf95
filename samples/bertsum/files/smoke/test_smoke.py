"""Smoke tests: the sources import and the program runs through on tiny data. No word about the quality of its answers.

With SMOKE_TORCH=real the installed PyTorch is used; otherwise the stand-in beside this file is.
"""

import contextlib
import importlib
import io
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SRC, DATA = HERE.parent / "src", HERE.parent / "raw_data"
sys.path.insert(0, str(SRC))
if os.environ.get("SMOKE_TORCH") != "real":
    sys.path.insert(0, str(HERE / "fakes"))


class ImportTest(unittest.TestCase):
    def test_every_module_imports(self):
        for path in sorted(SRC.glob("*.py")):
            with self.subTest(path.name):
                importlib.import_module(path.stem)

    def test_reading_data_needs_no_heavy_library(self):
        without = "import sys; sys.modules['torch'] = None; import prepare"
        subprocess.run([sys.executable, "-c", without], cwd=SRC, check=True)


class DataTest(unittest.TestCase):
    def setUp(self):
        self.prepare = importlib.import_module("prepare")

    def test_every_story_can_be_read(self):
        for path in sorted(DATA.glob("*.story")):
            with self.subTest(path.name):
                title, lines = self.prepare.read_story(path)
                self.assertTrue(title)
                self.assertGreater(len(lines), 2)

    def test_encoded_sentences_have_one_length(self):
        numbers = self.prepare.vocabulary(["The sea.", "The old sea wall."])
        self.assertEqual(self.prepare.encode("The wall, unseen.", numbers, length=4), [1, 4, 0, 0])
        self.assertEqual(len(self.prepare.encode("sea " * 99, numbers)), 32)


class RunTest(unittest.TestCase):
    def test_a_summary_is_two_sentences_of_the_story_in_their_order(self):
        summarise = importlib.import_module("summarise")
        _, lines = importlib.import_module("prepare").read_story(DATA / "harbour.story")
        title, picked = summarise.summarise(DATA / "harbour.story", most=2)
        self.assertEqual(title, "The harbour reopens")
        self.assertEqual(len(picked), 2)
        self.assertEqual([line for line in lines if line in picked], picked)

    def test_the_best_are_those_with_the_highest_scores(self):
        summarise = importlib.import_module("summarise")
        self.assertEqual(summarise.best([0.1, 0.9, 0.2, 0.8], most=2), [1, 3])

    def test_the_program_runs_through(self):
        summarise = importlib.import_module("summarise")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self.assertEqual(summarise.main([str(DATA / "orchard.story")]), 0)
        self.assertIn("A late frost", said.getvalue())


if __name__ == "__main__":
    unittest.main()
