"""Order among tickets: what belongs together."""
