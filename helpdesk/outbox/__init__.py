"""What leaves: rows that commit with the ticket, delivered afterwards by mail."""
