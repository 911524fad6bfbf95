class Pier
