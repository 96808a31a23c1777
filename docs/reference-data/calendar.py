"""Writes the test vectors of the session calendar from a market-hours file in LEAN's layout.

Usage: python3 docs/reference-data/calendar.py MARKET_HOURS_JSON > crates/domain/src/session/vectors.txt

The first line is the range of dates the file answers for. Then come the weekdays in that range that are not
ordinary sessions (`closed`, or the closing time in New York), and the two clock changes of every year from
2000 to 2035 (`summer`, `winter`) as the IANA time-zone database of this Python has them.
"""

import json
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FIRST = date(2000, 1, 3)
LAST_CLOCK_CHANGE = date(2035, 12, 31)
NEW_YORK = ZoneInfo("America/New_York")


def dates(first, last):
    return (first + timedelta(days) for days in range((last - first).days + 1))


def parsed(text):
    # Not by strptime: it imports the standard module that this file hides by its name.
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def exceptions(closed, early, last):
    """Yields every weekday that is not an ordinary session."""
    for day in dates(FIRST, last):
        if day.weekday() < 5 and day in closed:
            yield day, "closed"
        elif day.weekday() < 5 and day in early:
            yield day, early[day]


def clock_changes():
    """Yields the days whose noon has another offset than the noon before."""
    before = None
    for day in dates(date(2000, 1, 1), LAST_CLOCK_CHANGE):
        summer = bool(datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK).dst())
        if before not in (None, summer):
            yield day, "summer" if summer else "winter"
        before = summer


def main(path):
    with open(path, encoding="utf-8") as file:
        market = json.load(file)["entries"]["Equity-usa-[*]"]
    closed = {parsed(text) for text in market["holidays"]}
    early = {parsed(text): clock[:5] for text, clock in market["earlyCloses"].items()}
    assert not closed & early.keys(), "a date is both closed and short"
    last = date(max(closed).year, 12, 31)
    print(FIRST, last)
    for day, what in sorted([*exceptions(closed, early, last), *clock_changes()]):
        print(day, what)


if __name__ == "__main__":
    main(sys.argv[1])
