"""Which académie, which service, how urgent, and why: clues, topics, rules, and the words that explain them."""
