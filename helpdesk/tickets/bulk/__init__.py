"""Acts on many tickets at once, shown before and undone for a while after."""
