"""Pages about incidents, and what an agent is told beside her queue."""
