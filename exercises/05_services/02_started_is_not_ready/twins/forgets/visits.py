"""Counts the visits of pages. The numbers are in a store, which is a program of its own (store.py)."""

import os
import socket

HOST = os.environ.get("STORE_HOST", "localhost")
PORT = 7000


def ask(words):
    with socket.create_connection((HOST, PORT), timeout=5) as line:
        line.sendall(f"{words}\n".encode())
        return int(line.makefile().readline())


def note(page):
    pass


def count(page):
    return ask(f"get {page}")
