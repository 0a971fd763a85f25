"""Calls that we owe: who is to be called back, when, and what came of it."""
