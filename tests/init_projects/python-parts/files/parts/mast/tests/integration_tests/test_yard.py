import socket


def test_the_yard_answers():
    socket.create_connection(("yard.example", 443), timeout=1)
