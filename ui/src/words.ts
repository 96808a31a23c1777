// Numbers, times and names as a trader reads them. Times are New York's unless a function says otherwise.

const ZONE = "America/New_York";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const shortDay = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "numeric", month: "short" });

const dollars = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeDollars = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const free = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

/** What stands where nothing is known. */
export const NOTHING = "–";

type Maybe<T> = T | null | undefined;

const known = (value: Maybe<number>): value is number => value !== null && value !== undefined && Number.isFinite(value);
const minus = (text: string) => text.replace("-", "−");

export const time = (at: Maybe<string | number>) => (at ? clock.format(new Date(at)) : NOTHING);
export const timeSeconds = (at: Maybe<string | number>) => (at ? clockSeconds.format(new Date(at)) : NOTHING);
export const date = (at: Maybe<string | number>) => (at ? day.format(new Date(at)) : NOTHING);
export const dayShort = (at: Maybe<string | number>) => (at ? shortDay.format(new Date(at)) : NOTHING);

/** Time alone on the session's own day, with its day otherwise. */
export function moment(at: Maybe<string>, now: Maybe<string>): string {
  if (!at) return NOTHING;
  return now && date(at) === date(now) ? time(at) : `${dayShort(at)} ${time(at)}`;
}

/** A length of time in its two largest units. */
export function span(seconds: Maybe<number>): string {
  if (!known(seconds)) return NOTHING;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** How long before `now` something was. */
export const ago = (at: Maybe<string>, now: Maybe<string>) =>
  at && now ? span((Date.parse(now) - Date.parse(at)) / 1000) : NOTHING;

export const money = (value: Maybe<number>) => (known(value) ? minus(`${value < 0 ? "-" : ""}$${dollars.format(Math.abs(value))}`) : NOTHING);
export const moneyWhole = (value: Maybe<number>) =>
  known(value) ? minus(`${value < 0 ? "-" : ""}$${wholeDollars.format(Math.abs(value))}`) : NOTHING;
export const price = (value: Maybe<number>) => (known(value) ? dollars.format(value) : NOTHING);
export const count = (value: Maybe<number>) => (known(value) ? counts.format(value) : NOTHING);
export const amount = (value: Maybe<number>) => (known(value) ? minus(free.format(value)) : NOTHING);
export const decimal = (value: Maybe<number>, digits = 2) => (known(value) ? minus(value.toFixed(digits)) : NOTHING);
export const share = (value: Maybe<number>, digits = 0) => (known(value) ? minus(`${(value * 100).toFixed(digits)} %`) : NOTHING);

/** A number with its sign, whichever it is. */
export function signed(value: Maybe<number>, digits = 2, unit = ""): string {
  if (!known(value)) return NOTHING;
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? "" : value < 0 ? "−" : "+";
  return `${sign}${text}${unit}`;
}

export function signedMoney(value: Maybe<number>): string {
  if (!known(value)) return NOTHING;
  const sign = Math.abs(value) < 0.005 ? "" : value < 0 ? "−" : "+";
  return `${sign}$${dollars.format(Math.abs(value))}`;
}

/** The class that colours a gain or a loss. */
export const tone = (value: Maybe<number>) => (!known(value) || Math.abs(value) < 0.005 ? "faint" : value < 0 ? "loss" : "gain");

const NAMES: Record<string, string> = {
  iv_rank: "IV rank", end_of_day: "End of day", sma20: "SMA 20", sma50: "SMA 50", ema9: "EMA 9", ema20: "EMA 20",
  vwap: "VWAP", atr: "ATR", rsi: "RSI", macd: "MACD", vol_ratio: "Volatility ratio", mfe: "MFE", mae: "MAE",
};

/** A stable name as words: `max_positions` is `Max positions`. */
export function named(name: Maybe<string>): string {
  if (!name) return NOTHING;
  const text = NAMES[name] ?? name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a gate saw or compares with, in the unit that the gate says. */
export function gateValue(check: { observed: unknown; threshold: unknown; unit: string; outcome: string }, side: "observed" | "threshold"): string {
  const value = check[side];
  if (value === null || value === undefined) return check.outcome === "missing" ? "missing" : NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  if (check.unit === "money") return money(value);
  if (check.unit === "seconds") return span(value);
  if (check.unit === "ratio") return decimal(value);
  return amount(value);
}

/**
 * A contract's symbol as people say it: `TELQ240216C00100000` is `TELQ 16 Feb 100 C`. Of a spread the bought
 * contract is said whole, and of the sold one what differs: `TELQ 16 Feb 100 C / 105 C`.
 */
export function contract(symbol: string): string {
  const [bought, sold] = symbol.split("/");
  if (bought && sold) return `${contract(bought)} / ${contract(sold).split(" ").slice(-2).join(" ")}`;
  const parts = /^([A-Z]+)(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/.exec(symbol.replaceAll(" ", ""));
  if (!parts) return symbol;
  const [, under, year, month, dayOf, right, strike] = parts;
  const on = new Date(Date.UTC(2000 + Number(year), Number(month) - 1, Number(dayOf), 12));
  return `${under} ${shortDay.format(on)} ${free.format(Number(strike) / 1000)} ${right}`;
}

/** A sentence of the desk with its stable names as words. */
export const spoken = (text: string) => text.replace(/[a-z0-9]+(?:_[a-z0-9]+)+/g, (name) => named(name).toLowerCase());
