import os

import dj_database_url

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
HARBOUR = os.environ["HARBOUR_NAME"]
INSTALLED_APPS = ["berth"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": dj_database_url.config(conn_max_age=600)}
