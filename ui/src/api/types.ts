// The answers of the desk, by the names the pages use.

export type Role = "viewer" | "approver" | "operator";
export interface Session { name: string; role: Role; csrf: string | null }
export interface Listing<T> { items: T[]; next: number | null }

export interface Phase { phase: string; date: string | null; opens: string | null; closes: string | null; minutes_left: number | null }
export interface Account {
  name: string; tier: string | null; equity: number | null; cash: number; day_result: number | null; day_result_pct: number | null; loss_budget: number | null;
  loss_budget_left: number | null; exposure_max: number | null; exposure: number; open_risk: number; positions: number; positions_max: number | null; pnl: number | null; reconciled: boolean;
}
export interface Today { date: string | null; signals: number; taken: number; refused: number; ghosts: number; missed: number; stories: number; trades: number; trades_result: number }
export interface Desk {
  name: string; mode: string; state: string; since: string | null; command: { at: string; command: string; who: string; why: string } | null; session: Phase; at: string; seq: number;
  is_current: boolean; diverged: number | null; policy: number; policy_since: string | null; build: string; web: string; symbols: number; reader: string | null; fear: number | null;
  accounts: Account[]; today: Today; alarms_open: number; receipt: string; proposals_pending?: number;
}
export interface Position {
  id: string; account: string; instrument: string; symbol: string; kind: string; legs: string[]; direction: string; quantity: number; entry: number; price: number | null;
  value: number | null; result: number | null; result_pct: number | null; stop: number | null; part: number | null; target: number | null; trail_from: number | null; stop_cover: string;
  stage: string; out_by: string | null; leaving: string | null; opened: string; minutes: number; signal: string; playbook: string | null; mfe_pct: number; mae_pct: number;
}
export interface Order {
  id: string; account: string; instrument: string; symbol: string; side: string; quantity: number; kind: string; limit: number | null; purpose: string; signal: string | null;
  replaces: string | null; policy: number; decided: string; state: string; done: boolean; since: string; filled: number; last_price: number | null; history: { at: string; state: string }[];
}
export interface SignalLine {
  id: string; seq: number; at: string; symbol: string; playbook: string; direction: string; horizon: string; confidence: number; price: number; outcome: string;
  refused_by: string | null; fate: string; r_multiple: number | null; result: number | null; is_ghost: boolean; is_open: boolean;
}
export interface Check { gate: string; outcome: string; observed: unknown; threshold: unknown; unit: string }
export interface Tried { contract: string; score: number; delta: number | null; implied_volatility: number | null; bid: number | null; ask: number | null; flaw: string | null }
export interface Choice { quoted: string | null; seen: number; suited: number; iv_rank: number | null; chosen: string | null; tried: Tried[] }
export interface Verdict {
  account: string; approved: boolean; instrument: string; quantity: number; price: number; contracts: Choice | null; first_refusal: string | null; gates: Check[];
}
export interface Outcome {
  account: string | null; instrument: string; direction: string; quantity: number; opened: string; closed: string; entry: number; exit: number; pricing: string;
  reason: string; pnl: number; r_multiple: number; mfe_pct: number; mae_pct: number; give_back_pct: number; stage: string; minutes: number; label: number;
}
export interface Factor { name: string; adds: boolean; value: number; so_far: number }
export interface Terms { entry: number | null; stop: number | null; target: number | null; second_target: number | null; minutes: number | null; sessions: number | null }
export interface Signal {
  id: string; at: string; symbol: string; playbook: string; direction: string; horizon: string; confidence: number; price: number; expires: string;
  factors: Factor[]; features: Record<string, number | null>; terms: Terms;
}
export interface Ghost { entry: number; pricing: string; r_so_far: number | null; outcome: Outcome | null }
export interface SignalTale {
  signal: Signal; line: SignalLine; policy: number; reader: string | null; fear: number | null; stories: Story[]; verdicts: Verdict[]; orders: Order[]; trades: Outcome[];
  ghost: Ghost | null; trace: string;
}
export interface Company { symbol: string; sentiment: number; confidence: number; rung: string | null }
export interface Story { id: string; at: string; published: string | null; outlet: string; headline: string; url: string; copies: number; companies: Company[] }
export interface Quoted {
  symbol: string; sector: string; last: number | null; previous_close: number | null; change_pct: number | null; volume: number | null; silent_minutes: number | null;
  halted: boolean; earnings: string | null; positions: number;
}
export interface Columns { symbol: string; minutes: number; t: number[]; o: number[]; h: number[]; l: number[]; c: number[]; v: number[] }
export interface Mark { t: number; kind: string; id: string; signal: string | null; price: number | null; side: string | null; state: string | null; text: string }
export interface PriceLine { position: string; account: string; kind: string; price: number }
export interface Marks { marks: Mark[]; lines: PriceLine[] }
export interface Alarm { id: number; at: string; kind: string; severity: string; acknowledged?: { at: string; who: string } | null }
export interface EquityLine { t: number[]; equity: number[]; drawdown: number[] }
export interface Equity { accounts: { account: string; sessions: EquityLine; minutes: EquityLine }[] }
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
