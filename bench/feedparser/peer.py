"""feedparser, as a peer of the reading crate's feed bench.

    peer.py entries FILE...     one line for each entry: place, id, link, title, seconds since 1970
    peer.py time RUNS FILE      the processor's milliseconds of each run: parse, and drop the items that came before

Titles are compared as plain text, because that is what a reader sees: what feedparser calls HTML loses its tags and has
its references read once.
"""

import calendar
import html
import os
import re
import sys
import time

# feedparser reads ISO dates through the machine's own zone.
os.environ["TZ"] = "UTC"
time.tzset()

import feedparser  # noqa: E402


def title(entry):
    text = entry.get("title") or ""
    if entry.get("title_detail", {}).get("type") in ("text/html", "application/xhtml+xml"):
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return " ".join(re.sub(r"[\x00-\x1f]", " ", text).split())


def seconds(entry):
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        parsed = dict.get(entry, name)
        if parsed:
            try:
                return str(calendar.timegm(parsed))
            except ValueError:
                return "impossible"
    return "-"


def show(path):
    print("==", os.path.basename(path))
    with open(path, "rb") as file:
        feed = feedparser.parse(file.read())
    for place, entry in enumerate(feed.entries):
        fields = [entry.get("id") or "", entry.get("link") or "", title(entry), seconds(entry)]
        print(place, *fields, sep="\t")


def run(document):
    seen = set()
    feed = feedparser.parse(document)
    fresh = [entry for entry in feed.entries if entry.id not in seen and not seen.add(entry.id)]
    return len(fresh)


def measure(runs, path):
    with open(path, "rb") as file:
        document = file.read()
    for _ in range(runs):
        start = time.process_time()
        fresh = run(document)
        print(f"{(time.process_time() - start) * 1000:.3f}", fresh)


if sys.argv[1] == "entries":
    for path in sys.argv[2:]:
        show(path)
else:
    measure(int(sys.argv[2]), sys.argv[3])
