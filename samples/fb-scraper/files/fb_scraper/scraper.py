"""Walks from page to page. How a page is fetched is the caller's business, so tests hand in recorded pages."""

from urllib.parse import urljoin

from fb_scraper.page import parse


def posts_of(address, fetch, most_pages=50):
    """All posts, each once, from the page at `address` and those it leads to."""
    seen, visited = set(), set()
    for _ in range(most_pages):
        if not address or address in visited:
            return
        visited.add(address)
        page = parse(fetch(address))
        for post in page.posts:
            if post.identifier not in seen:
                seen.add(post.identifier)
                yield post
        address = urljoin(address, page.next_address) if page.next_address else ""
