// The answers of the desk, by the names the pages use. What the description of the API names is taken from there, so that
// a page that asks for a field that is not there does not compile.

import type { components } from "./schema";

/** What the desk sends: `null` stands for what is missing, and no field is left out. */
type Told<T> = T extends (infer Row)[] ? Told<Row>[] : T extends object ? { [Field in keyof T]-?: Told<Exclude<T[Field], undefined>> } : T;
type Shapes = { [Name in keyof components["schemas"]]: Told<components["schemas"][Name]> };

export type Session = Shapes["Me"];
export type Role = Shapes["Role"];
export type Desk = Shapes["Desk"];
export type Account = Shapes["Account"];
export type Position = Shapes["Position"];
export type Order = Shapes["Order"];
export type SignalLine = Shapes["SignalLine"];
export type SignalTale = Omit<Shapes["SignalTale"], "signal"> & { signal: Omit<Shapes["Signal"], "features"> & { features: Record<string, number | null> } };
export type Verdict = Shapes["Verdict"];
export type Check = Shapes["Check"];
export type Choice = Shapes["Choice"];
export type Factor = Shapes["Factor"];
export type Outcome = Shapes["Outcome"];
export type Story = Shapes["Story"];
export type Quoted = Shapes["Symbol"];
export type Columns = Shapes["Columns"];
export type Mark = Shapes["Mark"];
export type Marks = Shapes["Marks"];
export type PriceLine = Shapes["Line"];
export type Alarm = Shapes["Alert"];
export type Equity = Shapes["Equity"];

/** A part of a list, newest first. */
export interface Listing<T> {
  items: T[];
  next: number | null;
}

export interface Setting { path: string; value: string | number | boolean; default: string | number | boolean; range: string | null; unit: string | null; documentation: string | null }
export interface PolicyTree { version: number; settings: Setting[] }

export interface Estimate { n: number; r: number | null; usd: number | null; low: number | null; high: number | null }
export interface GateValue { gate: string; account: string | null; refusals: number; alone: Estimate; joint: Estimate }
export interface Missed {
  id: string; at: string; symbol: string; playbook: string; direction: string; confidence: number; gate: string; verdict: string; category: string | null; r: number; worth: number; mfe_pct: number | null;
}
export interface Bin { low: number; high: number; n: number; said: number; was: number; was_low: number | null; was_high: number | null }
export interface Calibration { name: string; n: number; brier: number | null; bins: Bin[] }
export interface Effect { name: string; value: string; n: number; win_rate: number | null; r: number | null; low: number | null; high: number | null }
export interface EffectTable { name: string; rows: Effect[] }
export interface LearningReport { calibration: Calibration[]; tables: EffectTable[]; silent: { about: string; needs: number; has: number }[]; at: string }
export interface Step { at: string; state: string; who: string; why: string }
export interface Proposal {
  id: string; at: string; state: string; title: string; path: string; from: string | number; to: string | number; n: number; effect: number | null; low: number | null; high: number | null;
  out_of_time: number | null; tried: number; q: number | null; deflated_sharpe: number | null; pbo: number | null; expires: string | null; because: string; history: Step[];
}
export interface Station { name: string; taken: number; given: number; age_seconds: number | null; mean_seconds: number | null; longest_seconds: number | null; severity: string; says: string | null }
export interface Finding { name: string; severity: string; value: string; says: string | null }
export interface Quote { contract: string; right: string; strike: number; bid: number | null; ask: number | null; mid: number | null; volume: number | null; open_interest: number | null; iv: number | null; delta: number | null; gamma: number | null; theta: number | null; vega: number | null }
export interface Expiry { date: string; days: number; quotes: Quote[] }
export interface Chain { symbol: string; quoted: string | null; underlying: number | null; iv_rank: number | null; expiries: Expiry[] }
export interface Stage { name: string; taken: number; given: number; says: string | null }
export interface Candidate { symbol: string; at: string; score: number | null; picked: boolean; why: string; after: { sessions: number; change_pct: number | null }[] }
export interface Discovery { at: string | null; stages: Stage[]; candidates: Candidate[] }
export interface ReplaySession { date: string; opens: string; closes: string; minutes: number }
export interface Watched { symbol: string; price: number | null; features: Record<string, number | null> }
export interface Moment { desk: Desk; positions: Position[]; watched: Watched[] }
export interface Deed { seq: number; at: string; who: string; what: string; target: string | null; why: string | null }
