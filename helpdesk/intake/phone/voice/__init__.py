"""A call from its first ring to its end: what is asked, what is understood, what is kept."""
