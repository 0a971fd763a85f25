"""The EduConnect helpdesk: a request becomes a ticket, reaches the right rectorat, and is answered."""
