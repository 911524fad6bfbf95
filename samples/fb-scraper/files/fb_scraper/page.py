"""Turns the text of one page into posts. It opens no connection."""

import dataclasses
from html.parser import HTMLParser


@dataclasses.dataclass(frozen=True)
class Post:
    """One post of a page."""

    identifier: str
    day: str
    text: str
    likes: int


@dataclasses.dataclass(frozen=True)
class Page:
    """The posts of one page, and the address of the next one, if there is one."""

    posts: tuple
    next_address: str = ""


def parse(text):
    """Reads a page. Anything that is not a post is passed over."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(tuple(reader.posts), reader.next_address)


def count(text):
    """The number behind `1,204` or `3.5K`."""
    text = text.strip().replace(",", "")
    if text.upper().endswith("K"):
        return round(float(text[:-1]) * 1000)
    return int(text or "0")


class _Reader(HTMLParser):
    """Collects the parts of the post it stands in."""

    def __init__(self):
        super().__init__()
        self.posts = []
        self.next_address = ""
        self._post = None
        self._field = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "article":
            self._post = {"identifier": attributes.get("id", ""), "day": "", "text": "", "likes": ""}
        elif tag == "a" and attributes.get("rel") == "next":
            self.next_address = attributes.get("href", "")
        elif self._post is not None and tag == "time":
            self._post["day"] = attributes.get("datetime", "")[:10]
        elif self._post is not None and tag in ("p", "b"):
            self._field = {"p": "text", "b": "likes"}[tag]

    def handle_data(self, data):
        if self._field:
            self._post[self._field] += data

    def handle_endtag(self, tag):
        if tag in ("p", "b"):
            self._field = ""
        elif tag == "article" and self._post is not None:
            self._finish()

    def _finish(self):
        post, self._post, self._field = self._post, None, ""
        words = " ".join(post["text"].split())
        self.posts.append(Post(post["identifier"], post["day"], words, count(post["likes"])))
