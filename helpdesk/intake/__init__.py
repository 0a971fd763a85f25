"""Doors and verbs of what comes in: web form today; each channel turns its raw input into one IncomingMessage."""
