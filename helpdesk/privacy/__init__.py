"""What a ticket must never hold, masked on arrival: passwords, codes, student, bank and social security numbers."""
