"""Backups of a warehouse that is a list: no account, no network."""

import contextlib
import io
import pathlib
import tempfile
import unittest

from bqup.__main__ import main
from bqup.backup import back_up

VIEWS = [("sales", "by_day", "SELECT 1"), ("sales", "by_week", "SELECT 7"), ("staff", "names", "SELECT 'Ann'")]


class BackupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def files(self):
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}

    def test_each_view_becomes_a_file(self):
        back_up(VIEWS, self.folder)
        self.assertEqual(self.files(), {"sales/by_day.sql", "sales/by_week.sql", "staff/names.sql"})
        self.assertEqual((self.folder / "sales/by_day.sql").read_text(encoding="utf-8"), "SELECT 1\n")

    def test_a_second_backup_writes_nothing(self):
        back_up(VIEWS, self.folder)
        changes = back_up(VIEWS, self.folder)
        self.assertEqual((changes.written, changes.unchanged), (0, 3))

    def test_a_changed_view_is_written_again(self):
        back_up(VIEWS, self.folder)
        changes = back_up([("sales", "by_day", "SELECT 2"), *VIEWS[1:]], self.folder)
        self.assertEqual(changes.written, 1)
        self.assertEqual((self.folder / "sales/by_day.sql").read_text(encoding="utf-8"), "SELECT 2\n")

    def test_the_file_of_a_view_that_is_gone_goes_too(self):
        back_up(VIEWS, self.folder)
        changes = back_up(VIEWS[1:], self.folder)
        self.assertEqual(changes.removed, 1)
        self.assertNotIn("sales/by_day.sql", self.files())

    def test_files_of_others_stay(self):
        (self.folder / "README.md").write_text("mine", encoding="utf-8")
        back_up([], self.folder)
        self.assertEqual(self.files(), {"README.md"})


class CommandLineTest(unittest.TestCase):
    def test_it_says_what_it_did(self):
        asked = []
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said):
            code = main(["--project", "shop", folder], connect=lambda project: asked.append(project) or VIEWS)
        self.assertEqual((code, asked), (0, ["shop"]))
        self.assertEqual(said.getvalue(), "3 written, 0 unchanged, 0 removed\n")

    def test_without_a_project_it_is_wrong_usage(self):
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as end:
            main(["backup/"], connect=None)
        self.assertEqual(end.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
