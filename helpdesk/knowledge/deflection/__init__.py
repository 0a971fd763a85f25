"""What the answers of the FAQ were worth: proposed, opened, useful, followed by a request."""
