"""Reads a story and cuts it into sentences and numbers. Needs nothing but Python."""

import pathlib
import re

SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[a-z']+")


def read_story(path):
    """The text of a `.story` file: title in the first line, an empty line, the story."""
    title, _, body = pathlib.Path(path).read_text(encoding="utf-8").partition("\n\n")
    if not body.strip():
        raise ValueError(f"{path} has no text below its title")
    return title.strip(), sentences(body)


def sentences(text):
    return [it for it in SENTENCE.split(" ".join(text.split())) if it]


def words(sentence):
    return WORD.findall(sentence.lower())


def vocabulary(stories):
    """Each word and its number, in order of first use. 0 is kept for words never seen."""
    numbers = {}
    for sentence in stories:
        for word in words(sentence):
            numbers.setdefault(word, len(numbers) + 1)
    return numbers


def encode(sentence, numbers, length=32):
    """The sentence as numbers, cut or filled up to one length."""
    found = [numbers.get(word, 0) for word in words(sentence)][:length]
    return found + [0] * (length - len(found))
