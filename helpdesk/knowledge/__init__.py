"""The FAQ: its import from the Q&A document, its articles, its search and its public pages."""
