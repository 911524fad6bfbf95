"""Makes the site: each file of `pages/` with the same head around it, in `site/`."""

import os

os.makedirs("site", exist_ok=True)
for name in sorted(os.listdir("pages")):
    with open(os.path.join("pages", name), encoding="utf-8") as file:
        body = file.read()
    with open(os.path.join("site", name), "w", encoding="utf-8") as file:
        file.write(f'<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>tally</title>\n{body}</html>\n')
    print(f"Made site/{name}.")
