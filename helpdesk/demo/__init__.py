"""What only the demo has: made-up people and a reader of the mail that would have left."""
