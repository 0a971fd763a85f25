"""For servers that want a module: `gunicorn helpdesk.wsgi:application`. Workers run beside it (`helpdesk worker`)."""

from helpdesk.cli.application import serving

application = serving()
