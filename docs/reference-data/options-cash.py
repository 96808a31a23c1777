"""Prints American prices on a share with cash dividends, by QuantLib's finite differences on a fine grid.

Usage: python3 docs/reference-data/options-cash.py
"""

import QuantLib as ql

TODAY = ql.Date(1, 1, 2026)
ql.Settings.instance().evaluationDate = TODAY
COUNT = ql.Actual365Fixed()
ONE = [(100, 1.5)]
TWO = [(20, 0.8), (110, 0.8)]
CASES = [
    (right, strike, days, volatility, name)
    for right in ("Call", "Put")
    for strike, days, volatility, name in [
        (100.0, 180, 0.3, "ONE"), (80.0, 120, 0.2, "ONE"), (115.0, 180, 0.3, "TWO"), (95.0, 250, 0.5, "TWO"), (70.0, 120, 0.15, "TWO")]
]

for right, strike, days, volatility, name in CASES:
    curve = lambda rate: ql.YieldTermStructureHandle(ql.FlatForward(TODAY, rate, COUNT))
    surface = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(TODAY, ql.NullCalendar(), volatility, COUNT))
    process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(100.0)), curve(0.0), curve(0.04), surface)
    paid = globals()[name]
    dividends = ql.DividendVector([TODAY + day for day, _ in paid], [amount for _, amount in paid])
    engine = ql.FdBlackScholesVanillaEngine(process, dividends, 2_000, 2_000)
    option = ql.VanillaOption(ql.PlainVanillaPayoff(getattr(ql.Option, right), strike), ql.AmericanExercise(TODAY, TODAY + days))
    option.setPricingEngine(engine)
    print(f"    (Right::{right}, {strike}, {days}.0 / 365.0, {volatility}, {name}, {option.NPV():.6f}),")
