"""Makes the pages: site/index.html and site/rates.html."""

from pathlib import Path

PAGES = {"index": "<a href='rate.html'>rates</a>", "rates": "<a href='index.html'>home</a>"}

Path("site").mkdir(exist_ok=True)
for name, text in PAGES.items():
    Path(f"site/{name}.html").write_text(f"<title>{name}</title>{text}")
print("Made", len(PAGES), "pages")
