"""The program: a story in, its best sentences out, in the order of the story."""

import sys

import model
import prepare


def best(scores, most):
    """The places of the highest scores, in their old order."""
    ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
    return sorted(ranked[:most])


def summarise(path, most=2):
    title, lines = prepare.read_story(path)
    numbers = prepare.vocabulary(lines)
    scores = model.score([prepare.encode(line, numbers) for line in lines], len(numbers))
    return title, [lines[place] for place in best(scores, most)]


def main(arguments):
    if not arguments:
        print("usage: python3 src/summarise.py STORY…", file=sys.stderr)
        return 2
    for path in arguments:
        title, lines = summarise(path)
        print(title, *lines, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
