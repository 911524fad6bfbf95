"""Signatures by Ed25519 in plain Python, so that the exercise needs no other program. For real work take a library."""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def _x(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        raise ValueError("no point of the curve")
    return P - x if x % 2 != odd else x


def _point(x, y):
    return x, y, 1, x * y % P


BASE = _point(_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def _add(one, two):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _write(point):
    x, y, z, _ = point
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _read(text):
    number = int.from_bytes(text, "little")
    y = number & (1 << 255) - 1
    return _point(_x(y, number >> 255), y)


def _hash(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def _private(key):
    spread = hashlib.sha512(hashlib.sha256(key.encode()).digest()).digest()
    number = int.from_bytes(spread[:32], "little") & (1 << 254) - 8 | 1 << 254
    return number, spread[32:]


def public(key):
    """The public key that belongs to a private one, which may be any text."""
    return _write(_times(_private(key)[0], BASE)).hex()


def sign(key, message):
    """The signature of a message."""
    number, prefix = _private(key)
    once = _hash(prefix, message)
    first = _write(_times(once, BASE))
    second = once + _hash(first, bytes.fromhex(public(key)), message) * number
    return (first + (second % ORDER).to_bytes(32, "little")).hex()


def verifies(public_key, message, signature):
    """True when the owner of the public key has signed just this message."""
    try:
        key, text = bytes.fromhex(public_key), bytes.fromhex(signature)
        first, number = _read(text[:32]), int.from_bytes(text[32:], "little")
        right = _add(first, _times(_hash(text[:32], key, message), _read(key)))
    except ValueError:
        return False
    return len(text) == 64 and number < ORDER and _write(_times(number, BASE)) == _write(right)
