"""Runs the tests without a site."""

import os
import sys

import django
from django.conf import settings
from django.test.utils import get_runner

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
sys.exit(bool(get_runner(settings)().run_tests(["tests"])))
