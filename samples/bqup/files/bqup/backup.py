"""Writes each view to its file, and takes away the files of views that are gone."""

import dataclasses


@dataclasses.dataclass
class Changes:
    """What a backup did."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


def back_up(views, folder):
    """`views` yields (dataset, name, query). A file is written only when its text changes."""
    changes, kept = Changes(), set()
    for dataset, name, query in views:
        path = folder / dataset / f"{name}.sql"
        kept.add(path)
        text = query.strip() + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            changes.unchanged += 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        changes.written += 1
    changes.removed = remove_others(folder, kept)
    return changes


def remove_others(folder, kept):
    """Only .sql files, and only one level down: nothing else in the folder was ours."""
    gone = [path for path in sorted(folder.glob("*/*.sql")) if path not in kept]
    for path in gone:
        path.unlink()
    return len(gone)
