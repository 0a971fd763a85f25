"""Pages of supervisors: how much work there is and with whom, and the figures of a period."""
