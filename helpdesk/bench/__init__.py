"""Made-up work in bulk, for measuring how the desk bears it."""
