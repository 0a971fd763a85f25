"""Pages on which agents put tickets in order."""
