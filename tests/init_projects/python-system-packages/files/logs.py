import magic


def kind(text):
    return magic.from_buffer(text)
