"""What readers of the FAQ see beside its answers, and what they leave behind."""
