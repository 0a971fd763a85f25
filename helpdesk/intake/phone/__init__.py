"""Calls and text messages: what the provider of the telephone tells us, and what we answer."""
