"""Writes the test vectors of option prices and Greeks.

Usage: python3 docs/reference-data/options.py FOLDER [FIRST LAST]

Four files: `european` and `american`, each for calls and puts. Line n is contract n of `contracts()`, which the test
draws again, and holds whole numbers, the figure times the scale of its column:

    price 1e9   delta 1e9   gamma 1e9   theta per calendar day 1e9   vega per 1.00 1e8   rho per 1.00 1e8

European figures are the closed form in 30 digits (mpmath); prices are compared with QuantLib's on the way. American
prices are QuantLib's QD+ fixed point in its high-precision scheme. Greeks are differences of such prices, ten for each
contract, and so given for every fifth contract. A figure is `-` where the differences reach over the exercise boundary, or QuantLib has no answer. QuantLib counts time in days: a contract is priced over
100 years, with rates and variance slowed down by as much, which is the same contract.

Needs the packages QuantLib 1.44 and mpmath 1.4.
"""

import math
import sys

import QuantLib as ql
from mpmath import erfc, exp, log, mp, mpf, pi, sqrt

mp.dps = 30
COUNT = 10_000
SEED = 2026
MASK = (1 << 64) - 1

SPOT = 100.0
MINUTES = [5, 30, 60, 240, 390, 1_440, 4_320, 10_080, 20_160, 43_200, 64_800, 86_400, 129_600, 259_200, 525_600, 1_051_200]
VOLATILITIES = [0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0]
RATES = [-0.005, 0.0, 0.01, 0.03, 0.04, 0.05, 0.08, 0.12]
YIELDS = [0.0, 0.0, 0.0, 0.015, 0.03, 0.04, 0.06, 0.1]
SCALES = [1e9, 1e9, 1e9, 1e9, 1e8, 1e8]
DAYS = 36_500
MINUTES_OF_YEAR = 525_600


def draws():
    """SplitMix64."""
    state = SEED
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def contracts():
    """Yields strike, minutes, volatility, rate and yield; even places are calls, odd ones puts."""
    draw = draws()
    for place in range(COUNT):
        right = "calls" if place % 2 == 0 else "puts"
        strike = (6_000 + next(draw) % 8_001) / 100
        minutes = MINUTES[next(draw) % 16]
        volatility = VOLATILITIES[next(draw) % 16]
        rate = RATES[next(draw) % 8]
        yield (right, strike, minutes, volatility, rate, YIELDS[next(draw) % 8])


def european(right, strike, minutes, volatility, rate, dividend_yield):
    s, k, v, r, q = map(mpf, (SPOT, strike, volatility, rate, dividend_yield))
    t = mpf(minutes) / MINUTES_OF_YEAR
    sign = 1 if right == "calls" else -1
    below = lambda x: erfc(-x / sqrt(2)) / 2
    d1 = (log(s / k) + (r - q + v * v / 2) * t) / (v * sqrt(t))
    d2 = d1 - v * sqrt(t)
    share, cash, peak = s * exp(-q * t), k * exp(-r * t), exp(-d1 * d1 / 2) / sqrt(2 * pi)
    price = sign * (share * below(sign * d1) - cash * below(sign * d2))
    decay = share * peak * v / (2 * sqrt(t))
    theta = sign * (q * share * below(sign * d1) - r * cash * below(sign * d2)) - decay
    return [
        price,
        sign * share / s * below(sign * d1),
        share * peak / (s * s * v * sqrt(t)),
        theta / 365,
        share * peak * sqrt(t),
        sign * t * cash * below(sign * d2),
    ]


class Share:
    """One QuantLib process whose numbers are quotes, with two engines."""

    def __init__(self):
        today = ql.Date(1, 1, 2026)
        ql.Settings.instance().evaluationDate = today
        self.expiry = today + DAYS
        count = ql.Actual365Fixed()
        self.quotes = [ql.SimpleQuote(1.0) for _ in range(4)]
        spot, rate, dividend_yield, volatility = map(ql.QuoteHandle, self.quotes)
        curve = lambda quote: ql.YieldTermStructureHandle(ql.FlatForward(today, quote, count))
        surface = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, count))
        process = ql.BlackScholesMertonProcess(spot, curve(dividend_yield), curve(rate), surface)
        self.american = ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.highPrecisionScheme())
        self.european = ql.AnalyticEuropeanEngine(process)
        self.exercises = {self.american: ql.AmericanExercise(today, self.expiry), self.european: ql.EuropeanExercise(self.expiry)}

    def price(self, engine, right, spot, strike, years, volatility, rate, dividend_yield):
        slow = years / (DAYS / 365)
        for quote, value in zip(self.quotes, (spot, rate * slow, dividend_yield * slow, volatility * slow**0.5)):
            quote.setValue(value)
        side = ql.Option.Call if right == "calls" else ql.Option.Put
        option = ql.VanillaOption(ql.PlainVanillaPayoff(side, strike), self.exercises[engine])
        option.setPricingEngine(engine)
        return option.NPV()


def american(share, has_greeks, right, strike, minutes, volatility, rate, dividend_yield):
    years = minutes / MINUTES_OF_YEAR

    def price(spot=SPOT, years=years, volatility=volatility, rate=rate):
        try:
            return share.price(share.american, right, spot, strike, years, volatility, rate, dividend_yield)
        except RuntimeError:  # "root not bracketed", at some low volatilities
            return math.nan

    here = price()
    if not has_greeks:
        return [here]
    step = 0.04 * SPOT * min(volatility * years**0.5, 0.5)
    shares = [SPOT + k * step for k in (-2, -1, 1, 2)]
    a, b, c, d = map(price, shares)
    sign = 1 if right == "calls" else -1
    exercised = [value <= sign * (at - strike) + 1e-9 for at, value in zip([SPOT, *shares], [here, a, b, c, d])]
    if all(exercised):
        return [here, sign, 0, 0, 0, 0]
    if any(exercised):
        return [here] + [None] * 5
    delta = (8 * (c - b) - (d - a)) / (12 * step)
    gamma = (16 * (b + c) - (a + d) - 30 * here) / (12 * step * step)
    ahead = years * 1e-3
    theta = (price(years=years - ahead) - price(years=years + ahead)) / (2 * ahead * 365)
    more = volatility * 1e-3
    vega = (price(volatility=volatility + more) - price(volatility=volatility - more)) / (2 * more)
    turn = 1e-4
    rho = (price(rate=rate + turn) - price(rate=rate - turn)) / (2 * turn)
    return [here, delta, gamma, theta, vega, rho]


def line(figures):
    absent = lambda it: it is None or math.isnan(it)
    return " ".join("-" if absent(it) else str(round(it * scale)) for it, scale in zip(figures, SCALES))


def main(folder, first=0, last=COUNT):
    share = Share()
    files = {(style, right): open(f"{folder}/{style}-{right}.txt", "w") for style in ("european", "american") for right in ("calls", "puts")}
    for place, contract in enumerate(contracts()):
        if not int(first) <= place < int(last):
            continue
        right, strike, minutes, volatility, rate, dividend_yield = contract
        held = european(*contract)
        peer = share.price(share.european, right, SPOT, strike, minutes / MINUTES_OF_YEAR, volatility, rate, dividend_yield)
        assert abs(held[0] - peer) < 1e-9, (contract, held[0], peer)
        print(line(held), file=files["european", right])
        print(line(american(share, place % 5 == 0, *contract)), file=files["american", right])


main(*sys.argv[1:])
