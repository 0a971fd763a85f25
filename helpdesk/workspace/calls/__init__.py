"""Agents on the telephone: calls that are owed, calls taken by hand, and how a person is reached."""
