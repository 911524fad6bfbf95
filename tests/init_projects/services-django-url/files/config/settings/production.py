import os

from config.settings.base import *  # noqa: F403

MAIL_KEY = os.environ["MAIL_KEY"]
