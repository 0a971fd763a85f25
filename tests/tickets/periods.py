"""The periods of the tests of retention, and the days that they lead to."""

from datetime import timedelta

from helpdesk.tickets.retention import (
    Periods,
)
from tests.application import later

PERIODS = Periods(timedelta(days=365), timedelta(days=365))
CLOSED = later(days=1)
A_YEAR_ON, TWO_YEARS_ON = CLOSED + timedelta(days=365), CLOSED + timedelta(days=730)
BARELY = timedelta(seconds=1)
