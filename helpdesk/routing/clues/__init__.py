"""Finding, in what a person wrote, all that tells of the académie of the child's school. Begin with `search.find`."""
