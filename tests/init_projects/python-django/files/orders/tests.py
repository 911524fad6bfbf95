from django.test import TestCase


class Tests(TestCase):
    pass
