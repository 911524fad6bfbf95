def rows(text):
    return text.splitlines()
