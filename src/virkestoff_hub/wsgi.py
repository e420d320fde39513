"""The site for a web server: ``gunicorn virkestoff_hub.wsgi``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "virkestoff_hub.settings")
application = get_wsgi_application()
