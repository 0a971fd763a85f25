"""Incidents: one record for the many tickets that one trouble brings, answered once for all of them."""
