-- Our own tables. `seq` is the record that a row comes from, `changed` the last one that changed it.

CREATE TABLE projection (
    applied_seq BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL,
    session_date DATE,
    month_ago DATE
);

-- The desk.

CREATE TABLE starts (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    desk TEXT NOT NULL,
    build TEXT NOT NULL,
    mode TEXT NOT NULL
);

CREATE TABLE policies (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    who TEXT NOT NULL,
    settings TEXT NOT NULL,
    missed_bps BIGINT NOT NULL,
    explosive_bps BIGINT NOT NULL,
    strong_bps BIGINT NOT NULL,
    moderate_bps BIGINT NOT NULL,
    poor_loss_bps BIGINT NOT NULL,
    surge_bps BIGINT NOT NULL,
    half_spread_bps BIGINT NOT NULL
);

CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);

CREATE TABLE states (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    state_before TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (seq, place)
);

CREATE TABLE commands (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    command TEXT NOT NULL,
    subject TEXT,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    key TEXT NOT NULL
);

CREATE TABLE alarms (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    alarm TEXT NOT NULL,
    PRIMARY KEY (seq, place)
);

CREATE TABLE faults (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    fault TEXT NOT NULL,
    account TEXT,
    milliseconds BIGINT
);

CREATE TABLE sessions (
    session_date DATE NOT NULL,
    account TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    equity NUMERIC(20,4) NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (session_date, account)
);

CREATE TABLE pipeline (
    session_date DATE PRIMARY KEY,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    symbols BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    stories BIGINT NOT NULL,
    readings BIGINT NOT NULL,
    signals BIGINT NOT NULL,
    approved BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    fills BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    alarms BIGINT NOT NULL
);

-- The market.

CREATE TABLE listings (
    slot BIGINT PRIMARY KEY,
    ticker TEXT NOT NULL UNIQUE,
    sector TEXT NOT NULL,
    fractionable BOOLEAN NOT NULL,
    shortable BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);

-- One row for each minute: prices in 1/10,000 dollar and volumes, packed as 32-bit numbers by slot,
-- and a bit for each slot that traded. The view `lane_telemetry` has a row for each bar.
CREATE TABLE minutes (
    seq BIGINT PRIMARY KEY,
    start TIMESTAMPTZ NOT NULL,
    session_date DATE NOT NULL,
    traded BYTEA NOT NULL,
    open BYTEA NOT NULL,
    high BYTEA NOT NULL,
    low BYTEA NOT NULL,
    close BYTEA NOT NULL,
    volume BYTEA NOT NULL
);
CREATE INDEX minutes_start ON minutes (start);

CREATE TABLE daily_bars (
    ticker TEXT NOT NULL,
    session_no BIGINT NOT NULL,
    session_date DATE NOT NULL,
    open NUMERIC(20,4) NOT NULL,
    high NUMERIC(20,4) NOT NULL,
    low NUMERIC(20,4) NOT NULL,
    close NUMERIC(20,4) NOT NULL,
    volume BIGINT NOT NULL,
    PRIMARY KEY (ticker, session_no)
);

CREATE TABLE regimes (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    level DOUBLE PRECISION NOT NULL,
    measured_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE notices (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    ticker TEXT,
    notice JSONB NOT NULL
);
CREATE INDEX notices_ticker ON notices (ticker, seq);

CREATE TABLE chains (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    ticker TEXT,
    quoted_at TIMESTAMPTZ NOT NULL,
    contracts BIGINT NOT NULL,
    quotes JSONB NOT NULL
);
CREATE INDEX chains_ticker ON chains (ticker, seq);

-- Discovery: every find, and the finds that count.

CREATE TABLE finds (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    session_no BIGINT,
    ticker TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    price NUMERIC(20,4) NOT NULL,
    latest BOOLEAN NOT NULL,
    PRIMARY KEY (seq, place)
);
CREATE INDEX finds_ticker ON finds (ticker, seq);

-- The news.

CREATE TABLE readers (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    rung TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    instead_of TEXT,
    why TEXT NOT NULL,
    fell BOOLEAN NOT NULL
);

CREATE TABLE stories (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    story TEXT NOT NULL,
    source TEXT NOT NULL,
    headline TEXT NOT NULL,
    summary TEXT NOT NULL,
    link TEXT NOT NULL,
    published TIMESTAMPTZ
);
CREATE INDEX stories_story ON stories (story);

CREATE TABLE readings (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    story TEXT NOT NULL,
    ticker TEXT NOT NULL,
    sentiment DOUBLE PRECISION NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    rung TEXT
);
CREATE INDEX readings_story ON readings (story);
CREATE INDEX readings_ticker ON readings (ticker, seq);

-- Signals, what the gates said, and what became of them.

CREATE TABLE signals (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    session_date DATE,
    ticker TEXT NOT NULL,
    playbook TEXT NOT NULL,
    direction TEXT NOT NULL,
    horizon TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    price NUMERIC(20,4) NOT NULL,
    expires TIMESTAMPTZ NOT NULL,
    suits_options BOOLEAN NOT NULL,
    policy BIGINT NOT NULL,
    canary TEXT,
    taken BOOLEAN NOT NULL,
    first_refusal TEXT,
    factors JSONB NOT NULL,
    features JSONB NOT NULL,
    sentiment JSONB,
    terms JSONB NOT NULL
);
CREATE INDEX signals_seq ON signals (seq);
CREATE INDEX signals_ticker ON signals (ticker, seq);

CREATE TABLE verdicts (
    signal TEXT NOT NULL,
    account TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    approved BOOLEAN NOT NULL,
    instrument TEXT NOT NULL,
    instrument_type TEXT NOT NULL,
    quantity NUMERIC(28,9) NOT NULL,
    price NUMERIC(20,4) NOT NULL,
    first_refusal TEXT,
    refusals BIGINT NOT NULL,
    checks JSONB NOT NULL,
    choice JSONB,
    delta DOUBLE PRECISION,
    iv DOUBLE PRECISION,
    iv_rank DOUBLE PRECISION,
    spread_pct DOUBLE PRECISION,
    PRIMARY KEY (signal, account)
);
CREATE INDEX verdicts_seq ON verdicts (seq);

CREATE TABLE refusals (
    signal TEXT NOT NULL,
    account TEXT NOT NULL,
    gate TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    rank BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    observed TEXT NOT NULL,
    threshold TEXT NOT NULL,
    PRIMARY KEY (signal, account, gate)
);
CREATE INDEX refusals_gate ON refusals (gate, rank);

CREATE TABLE holds (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    playbook TEXT NOT NULL,
    ticker TEXT NOT NULL,
    why TEXT NOT NULL,
    observed DOUBLE PRECISION NOT NULL,
    threshold DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (seq, place)
);

CREATE TABLE ghosts (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    ticker TEXT NOT NULL,
    instrument TEXT NOT NULL,
    direction TEXT NOT NULL,
    multiplier BIGINT NOT NULL,
    entry NUMERIC(20,4) NOT NULL,
    pricing TEXT NOT NULL,
    status TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    exit NUMERIC(20,4),
    reason TEXT,
    reason_norm TEXT,
    pnl NUMERIC(20,4),
    r_multiple DOUBLE PRECISION,
    mfe_pct DOUBLE PRECISION,
    mae_pct DOUBLE PRECISION,
    give_back_pct DOUBLE PRECISION,
    minutes BIGINT,
    label BIGINT,
    stage TEXT,
    ret_15m_pct DOUBLE PRECISION,
    ret_60m_pct DOUBLE PRECISION,
    ret_close_pct DOUBLE PRECISION,
    volume_after DOUBLE PRECISION,
    judgement TEXT NOT NULL,
    surge TEXT NOT NULL
);
CREATE INDEX ghosts_seq ON ghosts (seq);
CREATE INDEX ghosts_changed ON ghosts (changed);
CREATE INDEX ghosts_status ON ghosts (status);

CREATE TABLE ghost_refusals (
    ghost TEXT NOT NULL,
    account TEXT NOT NULL,
    gate TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    quantity NUMERIC(28,9) NOT NULL,
    pnl NUMERIC(20,4) NOT NULL,
    r_multiple DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (ghost, account)
);
CREATE INDEX ghost_refusals_gate ON ghost_refusals (gate);

-- Orders and what they made.

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    account TEXT NOT NULL,
    instrument TEXT NOT NULL,
    instrument_type TEXT NOT NULL,
    ticker TEXT NOT NULL,
    expiry DATE,
    strike NUMERIC(20,4),
    side TEXT NOT NULL,
    quantity NUMERIC(28,9) NOT NULL,
    kind TEXT NOT NULL,
    limit_price NUMERIC(20,4),
    stop_price NUMERIC(20,4),
    purpose TEXT NOT NULL,
    signal TEXT,
    position TEXT,
    reason TEXT,
    replaces TEXT,
    client_order_id TEXT NOT NULL,
    valid_until TIMESTAMPTZ NOT NULL,
    policy BIGINT NOT NULL,
    state TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    filled NUMERIC(28,9) NOT NULL,
    last_price NUMERIC(20,4)
);
CREATE INDEX orders_seq ON orders (seq);
CREATE INDEX orders_changed ON orders (changed);
CREATE INDEX orders_signal ON orders (signal);
CREATE INDEX orders_position ON orders (position);

CREATE TABLE order_moves (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    intent TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (seq, place)
);
CREATE INDEX order_moves_intent ON order_moves (intent);

CREATE TABLE fills (
    execution TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    intent TEXT NOT NULL,
    account TEXT,
    instrument TEXT,
    side TEXT NOT NULL,
    quantity NUMERIC(28,9) NOT NULL,
    price NUMERIC(20,4) NOT NULL,
    fee NUMERIC(20,4),
    executed_at TIMESTAMPTZ,
    busted BIGINT
);
CREATE INDEX fills_seq ON fills (seq);
CREATE INDEX fills_intent ON fills (intent);

CREATE TABLE positions (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    account TEXT NOT NULL,
    instrument TEXT NOT NULL,
    instrument_type TEXT NOT NULL,
    ticker TEXT NOT NULL,
    expiry DATE,
    strike NUMERIC(20,4),
    direction TEXT NOT NULL,
    signal TEXT,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    quantity NUMERIC(28,9) NOT NULL,
    quantity_most NUMERIC(28,9) NOT NULL,
    multiplier BIGINT NOT NULL,
    entry NUMERIC(20,4) NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    mark NUMERIC(20,4),
    marked_at TIMESTAMPTZ,
    marks BIGINT NOT NULL,
    best_pct DOUBLE PRECISION NOT NULL,
    worst_pct DOUBLE PRECISION NOT NULL,
    exit NUMERIC(20,4),
    closed_at TIMESTAMPTZ,
    reason TEXT,
    reason_norm TEXT,
    pnl NUMERIC(20,4),
    r_multiple DOUBLE PRECISION,
    mfe_pct DOUBLE PRECISION,
    mae_pct DOUBLE PRECISION,
    give_back_pct DOUBLE PRECISION,
    minutes BIGINT,
    label BIGINT
);
CREATE INDEX positions_seq ON positions (seq);
CREATE INDEX positions_changed ON positions (changed);
CREATE INDEX positions_status ON positions (status);
CREATE INDEX positions_signal ON positions (signal);

CREATE TABLE stages (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    position TEXT NOT NULL,
    stage_before TEXT NOT NULL,
    stage TEXT NOT NULL,
    PRIMARY KEY (seq, place)
);
CREATE INDEX stages_position ON stages (position);

CREATE TABLE marks (
    position TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    price NUMERIC(20,4) NOT NULL,
    gain_pct DOUBLE PRECISION NOT NULL,
    pnl NUMERIC(20,4) NOT NULL,
    PRIMARY KEY (position, seq)
);

-- Positions that took the place of another in a later expiry.
CREATE TABLE rolls (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    position_before TEXT NOT NULL,
    position TEXT NOT NULL,
    cost NUMERIC(20,4) NOT NULL,
    PRIMARY KEY (seq, place)
);

-- Dividends that were paid to an account, or taken from it.
CREATE TABLE payouts (
    payout TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    account TEXT NOT NULL,
    ticker TEXT NOT NULL,
    shares NUMERIC(28,9) NOT NULL,
    amount NUMERIC(20,4) NOT NULL,
    cash NUMERIC(20,4) NOT NULL,
    paid_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX payouts_seq ON payouts (seq);

-- The last quotes of contracts that are held.
CREATE TABLE quotes (
    contract TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    bid NUMERIC(20,4) NOT NULL,
    ask NUMERIC(20,4) NOT NULL
);

CREATE TABLE ignored (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (seq, place)
);

-- Looking back: cycles, what they found, and what became of it.

CREATE TABLE cycles (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    cadence TEXT NOT NULL,
    session_date DATE NOT NULL,
    through BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    trials BIGINT NOT NULL
);

CREATE TABLE proposals (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    stage TEXT NOT NULL,
    stage_since TIMESTAMPTZ NOT NULL,
    parameter TEXT,
    value_now TEXT,
    value_proposed TEXT,
    number_now DOUBLE PRECISION,
    number_proposed DOUBLE PRECISION,
    changes JSONB NOT NULL,
    sample BIGINT NOT NULL,
    effect DOUBLE PRECISION NOT NULL,
    low DOUBLE PRECISION NOT NULL,
    high DOUBLE PRECISION NOT NULL,
    p DOUBLE PRECISION NOT NULL,
    q DOUBLE PRECISION NOT NULL,
    trial TEXT NOT NULL,
    evidence JSONB NOT NULL,
    commentary TEXT,
    found BIGINT NOT NULL,
    decided_by TEXT,
    decided_why TEXT,
    decided_at TIMESTAMPTZ
);
CREATE INDEX proposals_changed ON proposals (changed);

CREATE TABLE proposal_moves (
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    proposal TEXT NOT NULL,
    stage_before TEXT,
    stage TEXT NOT NULL,
    moved_by TEXT NOT NULL,
    who TEXT,
    why TEXT,
    PRIMARY KEY (seq, place)
);
CREATE INDEX proposal_moves_proposal ON proposal_moves (proposal);

CREATE TABLE measurements (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    proposal TEXT NOT NULL,
    session_date DATE NOT NULL,
    trades BIGINT NOT NULL,
    gained DOUBLE PRECISION NOT NULL
);
CREATE INDEX measurements_proposal ON measurements (proposal, seq);
