"""Figures of the work: counted day by day from the history of tickets, added up, drawn, and put into sheets."""
