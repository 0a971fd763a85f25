"""The words of search as editors change them: versions over `config/synonyms.toml`."""
