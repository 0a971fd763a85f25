"""What `make` runs: set-up and locks. Standard library only, since nothing is installed when they start."""
