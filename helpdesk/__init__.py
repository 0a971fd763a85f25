"""The EduConnect helpdesk: a request comes in by a door, becomes a ticket, reaches the right rectorat, and is answered."""
