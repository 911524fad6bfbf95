"""A small database: it keeps numbers under names. It runs until somebody stops it.

It reads its files before it answers. Mostly that takes a second or two; on a busy machine it has taken twenty.
"""

import os
import socket
import socketserver
import time

PORT = 7000
NUMBERS = {}


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode().split()
        if words[0] == "add":
            NUMBERS[words[1]] = NUMBERS.get(words[1], 0) + int(words[2])
        self.wfile.write(f"{NUMBERS.get(words[1], 0)}\n".encode())


def own_address():
    try:
        return socket.gethostbyname(os.environ.get("DRONE_STEP_NAME", "localhost"))
    except OSError:
        return "127.0.0.1"


def read_files():
    time.sleep(8)


print("the store starts", flush=True)
read_files()
socketserver.ThreadingTCPServer.allow_reuse_address = True
with socketserver.ThreadingTCPServer((own_address(), PORT), Answer) as server:
    print("the store listens", flush=True)
    server.serve_forever()
