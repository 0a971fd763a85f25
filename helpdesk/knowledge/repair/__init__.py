"""Repair of scanned French text by general means: a lexicon and rules of the language, each change on record."""
