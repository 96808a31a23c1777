"""The anchor strategy as a hand-written numba loop: one strategy, no engine, no portfolio, no journal.

Usage: hand_loop.py TAPE RUNS NAME

TAPE is written by `bench --export`; the trades beside it (`.trades`) must be found exactly, or nothing is timed.
Prints one line: ROW | name | nanoseconds per bar, or `differs` | unit | goal | note
"""

import statistics
import struct
import sys
import time
from pathlib import Path

import numba
import numpy as np

VOLUME_WINDOW, FAST, SLOW = 20, 20, 50
RECENT, BASELINE, BREAKOUT = 20, 60, 10
STOP_BPS, TARGET_BPS, MINUTES = 100, 150, 60


def load(path):
    """Returns minute numbers and the columns that are used, one contiguous row for each symbol."""
    with open(path, "rb") as file:
        assert file.read(8) == b"BSTAPE01"
        file.read(32)
        symbols, minutes = struct.unpack("<QQ", file.read(16))
        starts = np.fromfile(file, dtype="<i8", count=minutes) // 60_000_000_000
        cells = np.fromfile(file, dtype="<i4").reshape(minutes, 5, symbols)
    high, close, volume = (np.ascontiguousarray(cells[:, column, :].T) for column in (1, 3, 4))
    return starts, high, close, volume


@numba.njit(cache=False)
def run(starts, high, close, volume, trades):
    """Fills `trades` with (symbol, entered, left, entry, exit) and returns how many there are."""
    symbols, minutes = close.shape
    found = 0
    for symbol in range(symbols):
        h, c, v = high[symbol], close[symbol], volume[symbol]
        returns = np.zeros(64, np.int64)
        fast = slow = before = 0
        sum_recent = squares_recent = sum_baseline = squares_baseline = 0
        held, entered, entry, leaving = False, 0, 0, False
        for t in range(minutes):
            fast += c[t] - (c[t - FAST] if FAST <= t else 0)
            slow += c[t] - (c[t - SLOW] if SLOW <= t else 0)
            gain = 0
            if 0 < t:
                gain = np.int64(np.rint((c[t] - c[t - 1]) / c[t - 1] * 1e7))
            old = returns[(t - RECENT) & 63] if RECENT <= t else 0
            sum_recent += gain - old
            squares_recent += gain * gain - old * old
            old = returns[(t - BASELINE) & 63] if BASELINE <= t else 0
            sum_baseline += gain - old
            squares_baseline += gain * gain - old * old
            returns[t & 63] = gain
            can_send = t + 1 < minutes and starts[t + 1] == starts[t] + 1
            if held:
                result = c[t] - entry
                stop = result <= -(entry * STOP_BPS // 10_000)
                target = entry * TARGET_BPS // 10_000 <= result
                late = MINUTES <= starts[t] - starts[entered]
                leaving = leaving or stop or target or late
                if leaving and can_send:
                    trades[found, 0], trades[found, 1], trades[found, 2] = symbol, entered, t
                    trades[found, 3], trades[found, 4] = entry, c[t]
                    found += 1
                    held, leaving = False, False
            elif can_send and BASELINE <= t and 0 < before and 2 * before <= VOLUME_WINDOW * np.int64(v[t]):
                if 2 * slow < 5 * fast:
                    recent = RECENT * squares_recent - sum_recent * sum_recent
                    baseline = BASELINE * squares_baseline - sum_baseline * sum_baseline
                    awake = 64 * baseline * (RECENT * (RECENT - 1)) <= 100 * recent * (BASELINE * (BASELINE - 1))
                    highest = 0
                    for bar in range(t - BREAKOUT, t):
                        highest = max(highest, h[bar])
                    if 0 < baseline and awake and highest < c[t]:
                        held, entered, entry = True, t, np.int64(c[t])
            before += v[t] - (v[t - VOLUME_WINDOW] if VOLUME_WINDOW <= t else 0)
    return found


def main():
    path, runs, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    starts, high, close, volume = load(path)
    trades = np.zeros((close.size // 100, 5), np.int64)
    started = time.perf_counter()
    found = run(starts, high, close, volume, trades)
    first = time.perf_counter() - started
    expected = np.loadtxt(Path(path).with_suffix(".trades"), dtype=np.int64, ndmin=2)
    if not np.array_equal(trades[:found], expected):
        difference = f"{found} trades, expected {len(expected)}, or the same number and not the same"
        print(f"ROW | {name} | differs | ns/bar |  | {difference}")
        return
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        run(starts, high, close, volume, trades)
        times.append((time.perf_counter() - started) * 1e9 / close.size)
    low, high_ = min(times), max(times)
    note = f"{runs} runs, {low:.2f}..{high_:.2f}; {found} trades, equal to the reference; first call {first:.1f} s with compilation"
    print(f"ROW | {name} | {statistics.median(times):.2f} | ns/bar |  | {note}")


if __name__ == "__main__":
    main()
