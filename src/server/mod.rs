//! The local pages: the book, the state of the exercises, and their checks. Loopback only.
