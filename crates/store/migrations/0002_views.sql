-- The earlier systems' tables and views, over our own. A column that nothing fills is NULL.

-- Each symbol that is watched; what discovery found last has its score.
CREATE VIEW ticker_universe AS
SELECT
    l.ticker,
    l.sector,
    COALESCE('discovery, place ' || CAST(f.place + 1 AS TEXT), 'listed') AS catalyst,
    f.score AS confidence,
    'normal' AS expected_volume,
    l.at AS discovered_at,
    COALESCE(f.at, l.at) AS last_updated,
    (1 = 1) AS active
FROM listings l
LEFT JOIN finds f ON f.ticker = l.ticker AND f.latest;

CREATE VIEW v_active_tickers AS
SELECT ticker, sector, catalyst, confidence, expected_volume, discovered_at, last_updated, active
FROM ticker_universe
WHERE active
ORDER BY confidence DESC NULLS LAST, ticker;

-- Bars.
CREATE VIEW lane_telemetry AS
SELECT
    l.ticker,
    m.start AS ts,
    i32_at(m.open, l.slot) / 10000.0 AS open,
    i32_at(m.high, l.slot) / 10000.0 AS high,
    i32_at(m.low, l.slot) / 10000.0 AS low,
    i32_at(m.close, l.slot) / 10000.0 AS close,
    i32_at(m.volume, l.slot) AS volume
FROM minutes m
JOIN listings l ON bit_at(m.traded, l.slot) = 1;

-- Features are journaled with the signals they were seen by.
CREATE VIEW lane_features AS
SELECT
    ticker,
    at AS ts,
    CAST(features->>'sma20' AS DOUBLE PRECISION) AS sma20,
    CAST(features->>'sma50' AS DOUBLE PRECISION) AS sma50,
    CAST(features->>'recent_vol' AS DOUBLE PRECISION) AS recent_vol,
    CAST(features->>'baseline_vol' AS DOUBLE PRECISION) AS baseline_vol,
    CAST(features->>'vol_ratio' AS DOUBLE PRECISION) AS vol_ratio,
    CAST(features->>'distance_sma20' AS DOUBLE PRECISION) AS distance_sma20,
    CAST(features->>'distance_sma50' AS DOUBLE PRECISION) AS distance_sma50,
    CAST(features->>'trend_state' AS INTEGER) AS trend_state,
    price AS close,
    CAST(features->>'volume_current' AS BIGINT) AS volume_current,
    CAST(features->>'volume_avg_20' AS DOUBLE PRECISION) AS volume_avg_20,
    CAST(features->>'volume_ratio' AS DOUBLE PRECISION) AS volume_ratio,
    (CAST(features->>'volume_surge' AS TEXT) IN ('true', '1')) AS volume_surge,
    at AS computed_at
FROM signals;

CREATE VIEW lane_features_clean AS
SELECT * FROM lane_features WHERE volume_ratio IS NOT NULL;

-- News.
CREATE VIEW inbound_events_raw AS
SELECT
    seq AS id,
    story AS event_uid,
    published AS published_at,
    source,
    headline AS title,
    link,
    summary,
    at AS fetched_at,
    at AS processed_at
FROM stories;

CREATE VIEW inbound_events_classified AS
SELECT
    r.seq AS id,
    (SELECT MIN(s.seq) FROM stories s WHERE s.story = r.story) AS raw_event_id,
    r.ticker,
    r.ticker AS tickers,
    CASE
        WHEN 0 < r.sentiment THEN 'positive'
        WHEN r.sentiment < 0 THEN 'negative'
        ELSE 'neutral'
    END AS sentiment_label,
    r.sentiment AS sentiment_score,
    r.confidence,
    CAST(NULL AS TEXT) AS event_type,
    CAST(NULL AS TEXT) AS urgency,
    r.at AS created_at
FROM readings r;

CREATE VIEW vix_history AS
SELECT
    seq AS id,
    level AS vix_value,
    CASE
        WHEN level < 12 THEN 'complacent'
        WHEN level < 20 THEN 'normal'
        WHEN level < 30 THEN 'elevated'
        WHEN level < 40 THEN 'high'
        ELSE 'extreme'
    END AS regime,
    CASE
        WHEN level < 12 THEN 2
        WHEN level < 20 THEN 1
        WHEN level < 30 THEN 3
        WHEN level < 40 THEN 4
        ELSE 5
    END AS risk_level,
    CAST(NULL AS DOUBLE PRECISION) AS position_size_multiplier,
    CAST(NULL AS BOOLEAN) AS new_trades_allowed,
    CAST(NULL AS DOUBLE PRECISION) AS confidence_adjustment,
    CAST(NULL AS TEXT) AS regime_message,
    measured_at AS recorded_at,
    at AS created_at
FROM regimes;

-- Signals, as recommendations.
CREATE VIEW dispatch_recommendations AS
SELECT
    s.id,
    s.at AS ts,
    s.ticker,
    CASE WHEN s.direction = 'short' AND NOT s.suits_options THEN 'SELL' ELSE 'BUY' END AS action,
    COALESCE(
        (SELECT v.instrument_type FROM verdicts v WHERE v.signal = s.id
         ORDER BY v.approved DESC, v.account LIMIT 1),
        'STOCK'
    ) AS instrument_type,
    CASE WHEN s.horizon = 'day' THEN 'day_trade' ELSE 'swing_trade' END AS strategy_type,
    s.playbook,
    s.direction,
    s.confidence,
    s.factors AS reason,
    CASE WHEN s.taken THEN 'EXECUTED' ELSE 'SKIPPED' END AS status,
    (SELECT MIN(f.at) FROM orders o JOIN fills f ON f.intent = o.id WHERE o.signal = s.id)
        AS executed_at,
    (SELECT MIN(p.entry) FROM positions p WHERE p.signal = s.id) AS filled_price,
    (SELECT SUM(o.filled) FROM orders o WHERE o.signal = s.id) AS shares,
    s.at AS processed_at,
    CAST(s.seq AS TEXT) AS dispatcher_run_id,
    s.first_refusal AS failure_reason,
    (SELECT v.checks FROM verdicts v WHERE v.signal = s.id ORDER BY v.approved DESC, v.account
     LIMIT 1) AS risk_gate_json,
    s.at AS created_at,
    s.features AS features_snapshot,
    s.sentiment AS sentiment_snapshot
FROM signals s;

-- What was ordered on a signal, once for each account.
CREATE VIEW dispatch_executions AS
SELECT
    o.id AS execution_id,
    o.id AS id,
    o.signal AS recommendation_id,
    CAST(o.seq AS TEXT) AS dispatcher_run_id,
    o.ticker,
    CASE WHEN o.side = 'sell' THEN 'SELL' ELSE 'BUY' END AS action,
    s.at AS decision_ts,
    o.at AS simulated_ts,
    COALESCE(p.entry, o.last_price, o.limit_price) AS entry_price,
    'venue' AS fill_model,
    CAST(NULL AS DOUBLE PRECISION) AS slippage_bps,
    o.quantity AS qty,
    COALESCE(p.entry, o.last_price, o.limit_price) * o.quantity * COALESCE(p.multiplier, 1)
        AS notional,
    CAST(s.terms->>'stop' AS DOUBLE PRECISION) AS stop_loss_price,
    CAST(s.terms->>'target' AS DOUBLE PRECISION) AS take_profit_price,
    CAST(s.terms->>'minutes' AS INTEGER) AS max_hold_minutes,
    (SELECT CASE t.mode WHEN 'live' THEN 'LIVE' WHEN 'paper' THEN 'ALPACA_PAPER' ELSE 'SIM' END
     FROM starts t ORDER BY t.seq DESC LIMIT 1) AS execution_mode,
    s.factors AS explain_json,
    v.checks AS risk_json,
    v.choice AS sim_json,
    o.instrument_type,
    o.strike AS strike_price,
    o.expiry AS expiration_date,
    CASE WHEN o.instrument_type IN ('CALL', 'PUT') THEN o.quantity END AS contracts,
    CASE WHEN o.instrument_type IN ('CALL', 'PUT') THEN p.entry END AS premium_paid,
    v.delta,
    CAST(NULL AS DOUBLE PRECISION) AS theta,
    v.iv AS implied_volatility,
    CASE WHEN o.instrument_type IN ('CALL', 'PUT') THEN o.instrument END AS option_symbol,
    CASE WHEN s.horizon = 'day' THEN 'day_trade' ELSE 'swing_trade' END AS strategy_type,
    s.playbook,
    o.account AS account_name,
    p.marks AS bars_captured_count,
    (SELECT MIN(m.at) FROM marks m WHERE m.position = p.id) AS first_bar_ts,
    p.marked_at AS last_bar_ts,
    CASE WHEN o.instrument_type IN ('CALL', 'PUT') THEN p.entry * (1 + p.best_pct / 100) END
        AS peak_premium,
    CASE WHEN o.instrument_type IN ('CALL', 'PUT') THEN p.entry * (1 + p.worst_pct / 100) END
        AS lowest_premium,
    o.client_order_id,
    o.state AS order_status,
    s.features AS features_snapshot,
    s.sentiment AS sentiment_snapshot
FROM orders o
JOIN signals s ON s.id = o.signal
LEFT JOIN positions p ON p.id = o.id
LEFT JOIN verdicts v ON v.signal = o.signal AND v.account = o.account
WHERE o.purpose = 'open';

-- Migrations and the contract call the same table by this name.
CREATE VIEW dispatcher_execution AS SELECT * FROM dispatch_executions;

CREATE VIEW account_metadata AS
SELECT
    a.name AS account_name,
    a.name AS tier,
    CAST(NULL AS TEXT) AS broker_account_id,
    CAST(NULL AS DOUBLE PRECISION) AS initial_balance,
    (1 = 1) AS is_active,
    a.at AS created_at,
    (SELECT MAX(f.at) FROM fills f WHERE f.account = a.name) AS last_trade_at,
    CAST(NULL AS TEXT) AS notes
FROM accounts a;

-- Positions, open and closed.
CREATE VIEW active_positions AS
SELECT
    p.id,
    p.id AS execution_id,
    p.id AS execution_uuid,
    p.ticker,
    p.instrument_type,
    CASE WHEN s.horizon = 'day' THEN 'day_trade' WHEN s.horizon = 'swing' THEN 'swing_trade' END
        AS strategy_type,
    s.playbook,
    CASE p.instrument_type WHEN 'CALL' THEN 'call' WHEN 'PUT' THEN 'put' ELSE p.direction END
        AS side,
    p.quantity,
    p.quantity_most AS original_quantity,
    p.entry AS entry_price,
    p.opened_at AS entry_time,
    s.price AS entry_underlying_price,
    p.strike,
    p.expiry,
    CASE WHEN p.instrument_type IN ('CALL', 'PUT') THEN p.instrument END AS option_symbol,
    CAST(s.terms->>'stop' AS DOUBLE PRECISION) AS stop_loss,
    CAST(s.terms->>'target' AS DOUBLE PRECISION) AS take_profit,
    CAST(s.terms->>'minutes' AS INTEGER) AS max_hold_minutes,
    CAST(NULL AS BOOLEAN) AS bracket_order_accepted,
    CAST(NULL AS TEXT) AS stop_order_id,
    CAST(NULL AS TEXT) AS target_order_id,
    (SELECT o.client_order_id FROM orders o WHERE o.id = p.id) AS alpaca_order_id,
    COALESCE(p.exit, p.mark) AS current_price,
    COALESCE(
        p.pnl,
        (p.mark - p.entry) * p.quantity * p.multiplier
            * CASE p.direction WHEN 'short' THEN -1 ELSE 1 END
    ) AS current_pnl_dollars,
    (COALESCE(p.exit, p.mark) - p.entry) / p.entry * 100
        * CASE p.direction WHEN 'short' THEN -1 ELSE 1 END AS current_pnl_percent,
    p.marked_at AS last_checked_at,
    p.marks AS check_count,
    CASE
        WHEN p.status = 'closed' THEN 'closed'
        WHEN EXISTS (SELECT 1 FROM orders o WHERE o.position = p.id AND o.purpose = 'close'
                     AND o.state IN ('sent', 'unknown', 'working', 'cancelling', 'replacing'))
            THEN 'closing'
        ELSE 'open'
    END AS status,
    p.reason AS close_reason,
    p.account AS account_name,
    CASE p.direction
        WHEN 'short' THEN p.entry * (1 - p.best_pct / 100)
        ELSE p.entry * (1 + p.best_pct / 100)
    END AS peak_price,
    CAST(NULL AS DOUBLE PRECISION) AS trailing_stop_price,
    v.iv_rank AS entry_iv_rank,
    v.spread_pct AS entry_spread_pct,
    p.best_pct AS best_unrealized_pnl_pct,
    p.worst_pct AS worst_unrealized_pnl_pct,
    p.best_pct / 100 * p.entry * p.quantity_most * p.multiplier AS best_unrealized_pnl_dollars,
    p.worst_pct / 100 * p.entry * p.quantity_most * p.multiplier AS worst_unrealized_pnl_dollars,
    p.mark AS last_mark_price,
    p.stage AS position_state,
    p.label AS win_loss_label,
    p.r_multiple,
    p.mae_pct,
    p.mfe_pct,
    p.minutes AS holding_minutes,
    p.reason_norm AS exit_reason_norm,
    s.features AS entry_features_json,
    p.opened_at AS created_at,
    COALESCE(p.closed_at, p.marked_at, p.opened_at) AS updated_at,
    p.closed_at
FROM positions p
LEFT JOIN signals s ON s.id = p.signal
LEFT JOIN verdicts v ON v.signal = p.signal AND v.account = p.account;

CREATE VIEW position_history AS
SELECT
    p.id,
    p.id AS execution_id,
    p.id AS execution_uuid,
    p.ticker,
    p.instrument_type,
    p.instrument_type AS instrument,
    CASE WHEN s.horizon = 'day' THEN 'day_trade' WHEN s.horizon = 'swing' THEN 'swing_trade' END
        AS strategy_type,
    s.playbook AS strategy,
    CASE p.instrument_type WHEN 'CALL' THEN 'call' WHEN 'PUT' THEN 'put' ELSE p.direction END
        AS side,
    p.account AS account_name,
    p.quantity_most AS quantity,
    p.multiplier,
    p.entry AS entry_price,
    p.opened_at AS entry_time,
    p.exit AS exit_price,
    p.closed_at AS exit_time,
    p.pnl AS pnl_dollars,
    (p.exit - p.entry) / p.entry * 100 * CASE p.direction WHEN 'short' THEN -1 ELSE 1 END
        AS pnl_pct,
    (p.exit - p.entry) / p.entry * 100 * CASE p.direction WHEN 'short' THEN -1 ELSE 1 END
        AS final_pnl_percent,
    p.strike,
    p.expiry,
    CASE WHEN p.instrument_type IN ('CALL', 'PUT') THEN p.instrument END AS option_symbol,
    v.iv AS implied_volatility,
    CAST(s.terms->>'minutes' AS INTEGER) AS max_hold_minutes,
    p.minutes * 60 AS holding_seconds,
    p.reason AS exit_reason,
    (SELECT o.id FROM orders o WHERE o.position = p.id AND o.purpose = 'close' AND 0 < o.filled
     ORDER BY o.seq DESC LIMIT 1) AS exit_order_id,
    p.label AS win_loss_label,
    p.r_multiple,
    p.mae_pct,
    p.mfe_pct,
    p.give_back_pct,
    p.minutes AS holding_minutes,
    p.reason_norm AS exit_reason_norm,
    s.features AS entry_features_json,
    v.iv_rank AS entry_iv_rank,
    v.spread_pct AS entry_spread_pct,
    p.best_pct AS best_unrealized_pnl_pct,
    p.worst_pct AS worst_unrealized_pnl_pct,
    p.best_pct / 100 * p.entry * p.quantity_most * p.multiplier AS best_unrealized_pnl_dollars,
    p.worst_pct / 100 * p.entry * p.quantity_most * p.multiplier AS worst_unrealized_pnl_dollars,
    p.closed_at,
    p.closed_at AS created_at
FROM positions p
LEFT JOIN signals s ON s.id = p.signal
LEFT JOIN verdicts v ON v.signal = p.signal AND v.account = p.account
WHERE p.status = 'closed';

-- What happened to positions, in order.
CREATE VIEW position_events AS
SELECT p.seq * 100 AS id, p.id AS position_id, 'created' AS event_type, p.opened_at AS created_at
FROM positions p
UNION ALL
SELECT g.seq * 100 + g.place, g.position, 'stage_' || g.stage, g.at FROM stages g
UNION ALL
SELECT o.seq * 100, o.position, 'exit_triggered', o.at FROM orders o WHERE o.purpose = 'close'
UNION ALL
SELECT r.seq * 100 + r.place, r.position, 'rolled', r.at FROM rolls r
UNION ALL
SELECT p.changed * 100 + 99, p.id, 'closed', p.closed_at FROM positions p
WHERE p.status = 'closed';

-- How positions came along under their exit rules.
CREATE VIEW position_state_history AS
SELECT
    g.seq * 100 + g.place AS id,
    g.position AS position_id,
    g.stage_before AS old_state,
    g.stage AS new_state,
    m.price,
    m.gain_pct AS profit_pct,
    CAST(NULL AS TEXT) AS reason,
    g.at AS ts
FROM stages g
LEFT JOIN marks m ON m.position = g.position AND m.seq = (
    SELECT MAX(b.seq) FROM marks b WHERE b.position = g.position AND b.seq <= g.seq);

-- Executions and dividends, as a broker lists them.
CREATE VIEW account_activities AS
SELECT
    f.execution AS activity_id,
    'FILL' AS type,
    CAST(SUBSTR(CAST(f.at AS TEXT), 1, 10) AS TEXT) AS date,
    f.at AS transaction_time,
    f.instrument AS symbol,
    f.quantity AS qty,
    f.price,
    CAST(NULL AS DOUBLE PRECISION) AS net_amount,
    f.intent AS order_id,
    f.account AS account_name
FROM fills f
WHERE f.busted IS NULL
UNION ALL
SELECT
    p.payout,
    'DIV',
    CAST(SUBSTR(CAST(p.at AS TEXT), 1, 10) AS TEXT),
    p.paid_at,
    p.ticker,
    p.shares,
    p.amount,
    p.cash,
    NULL,
    p.account
FROM payouts p;

-- What was refused and became of it. One row for each ghost that ended.
CREATE VIEW missed_opportunities AS
SELECT
    g.id,
    s.session_date AS analysis_date,
    g.ticker,
    s.at AS ts,
    CAST(s.features->>'volume_ratio' AS DOUBLE PRECISION) AS volume_ratio,
    s.price AS close_price,
    CAST(s.sentiment->>'avg_score' AS DOUBLE PRECISION) AS sentiment_score,
    (SELECT r.observed || ', wanted ' || r.threshold FROM refusals r
     WHERE r.signal = g.id AND r.gate = s.first_refusal ORDER BY r.account LIMIT 1) AS why_skipped,
    s.first_refusal AS rule_that_blocked,
    (0 < g.r_multiple) AS real_opportunity,
    g.pnl / (g.entry * g.multiplier) * 100 AS estimated_profit_pct,
    (g.judgement = 'missed') AS should_have_traded,
    CAST(NULL AS TEXT) AS ai_reasoning,
    CAST(NULL AS TEXT) AS suggested_adjustment,
    g.closed_at AS analyzed_at,
    g.ret_15m_pct AS ret_15m,
    g.ret_60m_pct AS ret_60m,
    g.mfe_pct AS max_favorable_move,
    (1 <= g.volume_after) AS volume_sustained,
    (0 < g.ret_60m_pct * CASE s.direction WHEN 'short' THEN -1 ELSE 1 END) AS direction_matched,
    CASE WHEN g.surge <> 'open' THEN g.surge = 'missed' END AS deterministic_opportunity,
    s.playbook,
    s.direction,
    s.confidence,
    g.r_multiple
FROM ghosts g
JOIN signals s ON s.id = g.id
WHERE g.status = 'closed';

CREATE VIEW v_daily_missed_summary AS
SELECT
    analysis_date,
    COUNT(*) AS total_surges,
    SUM(CASE WHEN should_have_traded THEN 1 ELSE 0 END) AS should_have_traded,
    SUM(CASE WHEN NOT should_have_traded THEN 1 ELSE 0 END) AS correctly_skipped,
    SUM(CASE WHEN should_have_traded THEN estimated_profit_pct ELSE 0 END)
        AS potential_missed_profit_pct,
    AVG(volume_ratio) AS avg_volume_ratio
FROM missed_opportunities
GROUP BY analysis_date
ORDER BY analysis_date DESC;

-- The last thirty days are those before the desk's own today.
CREATE VIEW v_ticker_missed_patterns AS
SELECT
    ticker,
    COUNT(*) AS missed_count,
    SUM(CASE WHEN should_have_traded THEN 1 ELSE 0 END) AS should_have_traded_count,
    AVG(volume_ratio) AS avg_volume_ratio,
    AVG(estimated_profit_pct) AS avg_estimated_profit_pct,
    MAX(analysis_date) AS last_missed_date
FROM missed_opportunities
WHERE (SELECT month_ago FROM projection) < analysis_date
GROUP BY ticker
HAVING 2 <= COUNT(*)
ORDER BY should_have_traded_count DESC, missed_count DESC, ticker;

CREATE VIEW v_confidence_performance AS
SELECT
    FLOOR(s.confidence * 20) / 20 AS confidence_bucket,
    COUNT(*) AS trades,
    AVG(h.final_pnl_percent) AS avg_return_pct,
    CASE WHEN 1 < COUNT(*) THEN SQRT(ABS(
        (SUM(h.final_pnl_percent * h.final_pnl_percent)
         - SUM(h.final_pnl_percent) * SUM(h.final_pnl_percent) / COUNT(*)) / (COUNT(*) - 1)
    )) END AS return_volatility,
    AVG(h.r_multiple) AS avg_r_multiple,
    CAST(COUNT(*) FILTER (WHERE h.win_loss_label = 1) AS DOUBLE PRECISION) / COUNT(*) AS win_rate,
    AVG(h.holding_minutes) AS avg_hold_min,
    COUNT(*) FILTER (WHERE h.exit_reason_norm = 'tp') AS profit_exits,
    COUNT(*) FILTER (WHERE h.exit_reason_norm = 'sl') AS loss_exits
FROM dispatch_recommendations s
JOIN dispatcher_execution e ON s.id = e.recommendation_id
JOIN position_history h ON e.id = h.execution_id
GROUP BY FLOOR(s.confidence * 20) / 20
HAVING 5 <= COUNT(*)
ORDER BY confidence_bucket DESC;

CREATE VIEW v_sentiment_effectiveness AS
SELECT
    sentiment_direction,
    trend_state,
    alignment,
    COUNT(*) AS trades,
    AVG(final_pnl_percent) AS avg_return,
    AVG(r_multiple) AS avg_r,
    CAST(COUNT(*) FILTER (WHERE win_loss_label = 1) AS DOUBLE PRECISION) / COUNT(*) AS win_rate
FROM (
    SELECT
        s.sentiment_snapshot->>'direction' AS sentiment_direction,
        CAST(s.features_snapshot->>'trend_state' AS INTEGER) AS trend_state,
        ((s.sentiment_snapshot->>'direction' = 'bullish'
          AND CAST(s.features_snapshot->>'trend_state' AS INTEGER) = 1)
         OR (s.sentiment_snapshot->>'direction' = 'bearish'
             AND CAST(s.features_snapshot->>'trend_state' AS INTEGER) = -1)) AS alignment,
        h.final_pnl_percent,
        h.r_multiple,
        h.win_loss_label
    FROM dispatch_recommendations s
    JOIN dispatcher_execution e ON s.id = e.recommendation_id
    JOIN position_history h ON e.id = h.execution_id
    WHERE s.sentiment_snapshot IS NOT NULL
) told
GROUP BY sentiment_direction, trend_state, alignment;

CREATE VIEW v_volume_edge AS
SELECT
    volume_category,
    COUNT(*) AS trades,
    AVG(final_pnl_percent) AS avg_return,
    AVG(r_multiple) AS avg_r,
    CAST(COUNT(*) FILTER (WHERE win_loss_label = 1) AS DOUBLE PRECISION) / COUNT(*) AS win_rate,
    AVG(holding_minutes) AS avg_hold_min
FROM (
    SELECT
        CASE
            WHEN 2 <= CAST(s.features_snapshot->>'volume_ratio' AS DOUBLE PRECISION)
                THEN 'Surge (>=2x)'
            WHEN 1.5 <= CAST(s.features_snapshot->>'volume_ratio' AS DOUBLE PRECISION)
                THEN 'Strong (1.5-2x)'
            WHEN 1 <= CAST(s.features_snapshot->>'volume_ratio' AS DOUBLE PRECISION)
                THEN 'Normal (1-1.5x)'
            ELSE 'Weak (<1x)'
        END AS volume_category,
        h.final_pnl_percent,
        h.r_multiple,
        h.win_loss_label,
        h.holding_minutes
    FROM dispatch_recommendations s
    JOIN dispatcher_execution e ON s.id = e.recommendation_id
    JOIN position_history h ON e.id = h.execution_id
    WHERE s.features_snapshot->>'volume_ratio' IS NOT NULL
) told
GROUP BY volume_category
HAVING 3 <= COUNT(*);

CREATE VIEW v_instrument_performance AS
SELECT
    e.instrument_type,
    e.strategy_type,
    COUNT(*) AS trades,
    AVG(h.final_pnl_percent) AS avg_return,
    AVG(h.r_multiple) AS avg_r,
    CASE WHEN 1 < COUNT(*) THEN SQRT(ABS(
        (SUM(h.r_multiple * h.r_multiple) - SUM(h.r_multiple) * SUM(h.r_multiple) / COUNT(*))
        / (COUNT(*) - 1)
    )) END AS r_volatility,
    CAST(COUNT(*) FILTER (WHERE h.win_loss_label = 1) AS DOUBLE PRECISION) / COUNT(*) AS win_rate,
    AVG(h.holding_minutes) AS avg_hold_min,
    AVG(h.mae_pct) AS avg_max_drawdown,
    COUNT(*) FILTER (WHERE h.exit_reason_norm = 'tp') AS profit_exits,
    COUNT(*) FILTER (WHERE h.exit_reason_norm = 'sl') AS loss_exits
FROM dispatcher_execution e
JOIN position_history h ON e.id = h.execution_id
GROUP BY e.instrument_type, e.strategy_type;

CREATE VIEW v_snapshot_coverage AS
SELECT
    'recommendations' AS table_name,
    COUNT(*) AS total_rows,
    COUNT(features) AS with_features,
    COUNT(sentiment) AS with_sentiment,
    CAST(COUNT(features) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) * 100
        AS features_coverage_pct,
    CAST(COUNT(sentiment) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) * 100
        AS sentiment_coverage_pct
FROM signals
UNION ALL
SELECT
    'executions',
    COUNT(*),
    COUNT(features_snapshot),
    COUNT(sentiment_snapshot),
    CAST(COUNT(features_snapshot) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) * 100,
    CAST(COUNT(sentiment_snapshot) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) * 100
FROM dispatcher_execution;

CREATE VIEW v_outcome_normalization_coverage AS
SELECT
    COUNT(*) AS total_closed_positions,
    COUNT(label) AS with_win_loss,
    COUNT(r_multiple) AS with_r_multiple,
    COUNT(mae_pct) AS with_mae,
    COUNT(minutes) AS with_holding_time,
    COUNT(reason_norm) AS with_norm_exit,
    CAST(COUNT(label) AS DOUBLE PRECISION) / NULLIF(COUNT(*), 0) * 100 AS normalization_pct
FROM positions
WHERE status = 'closed';

CREATE VIEW v_open_positions_summary AS
SELECT * FROM active_positions WHERE status IN ('open', 'closing');

CREATE VIEW v_position_performance AS
SELECT
    h.*,
    CASE h.win_loss_label WHEN 1 THEN 'win' WHEN -1 THEN 'loss' ELSE 'other' END AS outcome
FROM position_history h;

CREATE VIEW v_position_health_check AS
SELECT
    COUNT(*) FILTER (WHERE status = 'open') AS open_positions,
    COUNT(*) FILTER (WHERE status = 'closing') AS closing_positions,
    COUNT(*) FILTER (WHERE status = 'closed') AS closed_positions,
    COUNT(*) FILTER (WHERE status = 'open' AND last_checked_at IS NULL) AS unchecked_positions,
    COUNT(*) FILTER (WHERE status = 'open' AND strategy_type = 'day_trade') AS open_day_trades
FROM active_positions;

-- Trade ideas, as another of the earlier systems kept them.
CREATE VIEW signal_history AS
SELECT
    s.id,
    s.ticker AS symbol,
    CASE s.direction WHEN 'long' THEN 'bullish' ELSE 'bearish' END AS signal_type,
    s.confidence AS confidence_score,
    n.story AS news_article_id,
    n.headline AS news_title,
    CAST(s.sentiment->>'avg_score' AS DOUBLE PRECISION) AS sentiment_score,
    CAST(NULL AS DOUBLE PRECISION) AS technical_score,
    s.price AS price_at_signal,
    s.features AS signal_metadata,
    s.playbook,
    s.at AS created_at,
    s.expires AS expires_at
FROM signals s
LEFT JOIN stories n ON n.seq = (
    SELECT MAX(t.seq) FROM readings r JOIN stories t ON t.story = r.story
    WHERE r.ticker = s.ticker AND r.seq < s.seq AND t.seq < s.seq
      AND s.sentiment IS NOT NULL
);

-- Finds of discovery and what became of them. Days are sessions; prices are closes.
CREATE VIEW recommendation_tracking AS
SELECT
    CAST(f.seq AS TEXT) || ':' || CAST(f.place AS TEXT) AS tracking_id,
    f.ticker AS symbol,
    f.at AS discovery_date,
    f.price AS discovery_price,
    f.score AS composite_score,
    CAST(NULL AS DOUBLE PRECISION) AS vigl_score,
    f.score AS pattern_features,
    EXISTS (SELECT 1 FROM orders o WHERE o.ticker = f.ticker AND o.purpose = 'open'
            AND f.seq < o.seq AND 0 < o.filled) AS bought,
    d1.close AS price_1d,
    d7.close AS price_7d,
    d14.close AS price_14d,
    d30.close AS price_30d,
    (d1.close / f.price - 1) * 100 AS return_1d,
    (d7.close / f.price - 1) * 100 AS return_7d,
    (d14.close / f.price - 1) * 100 AS return_14d,
    (d30.close / f.price - 1) * 100 AS return_30d,
    (SELECT MAX(d.high) FROM daily_bars d WHERE d.ticker = f.ticker
     AND f.session_no < d.session_no AND d.session_no <= f.session_no + 30) AS peak_price,
    ((SELECT MAX(d.high) FROM daily_bars d WHERE d.ticker = f.ticker
      AND f.session_no < d.session_no AND d.session_no <= f.session_no + 30) / f.price - 1) * 100
        AS peak_return,
    (SELECT d.session_no - f.session_no FROM daily_bars d WHERE d.ticker = f.ticker
     AND f.session_no < d.session_no AND d.session_no <= f.session_no + 30
     ORDER BY d.high DESC, d.session_no LIMIT 1) AS days_to_peak,
    ((SELECT MIN(d.low) FROM daily_bars d WHERE d.ticker = f.ticker
      AND f.session_no < d.session_no AND d.session_no <= f.session_no + 30) / f.price - 1) * 100
        AS max_drawdown,
    CASE
        WHEN k.explosive_bps / 10000.0 <= d30.close / f.price - 1 THEN 'explosive'
        WHEN k.strong_bps / 10000.0 <= d30.close / f.price - 1 THEN 'strong'
        WHEN k.moderate_bps / 10000.0 <= d30.close / f.price - 1 THEN 'moderate'
        WHEN -k.poor_loss_bps / 10000.0 <= d30.close / f.price - 1 THEN 'poor'
        WHEN d30.close IS NOT NULL THEN 'failed'
    END AS outcome_category,
    (k.missed_bps / 10000.0 <= d30.close / f.price - 1 AND NOT EXISTS (
        SELECT 1 FROM orders o WHERE o.ticker = f.ticker AND o.purpose = 'open'
        AND f.seq < o.seq AND 0 < o.filled)) AS missed_opportunity,
    CAST(NULL AS TEXT) AS learning_notes,
    f.at AS created_at,
    f.at AS updated_at
FROM finds f
LEFT JOIN daily_bars d1 ON d1.ticker = f.ticker AND d1.session_no = f.session_no + 1
LEFT JOIN daily_bars d7 ON d7.ticker = f.ticker AND d7.session_no = f.session_no + 7
LEFT JOIN daily_bars d14 ON d14.ticker = f.ticker AND d14.session_no = f.session_no + 14
LEFT JOIN daily_bars d30 ON d30.ticker = f.ticker AND d30.session_no = f.session_no + 30
LEFT JOIN policies k ON k.seq = (SELECT MAX(seq) FROM policies);

-- What passed through each stage in a session.
CREATE VIEW pipeline_health_log AS
SELECT
    seq AS id,
    CAST(session_date AS TEXT) AS pipeline_run_id,
    at AS execution_timestamp,
    CAST(NULL AS BIGINT) AS total_duration_ms,
    CAST(NULL AS DOUBLE PRECISION) AS health_score,
    symbols AS symbols_processed,
    minutes,
    stories,
    readings,
    signals,
    approved AS final_candidates,
    orders,
    fills,
    closed,
    (0 < alarms) AS alert_triggered
FROM pipeline;

-- Dips that were bought, and those that were looked at and left.
CREATE VIEW dip_analysis_log AS
SELECT
    s.id,
    s.ticker AS symbol,
    s.at AS analysis_date,
    p.entry AS entry_price,
    s.price AS current_price,
    CAST(NULL AS BIGINT) AS days_held,
    s.confidence AS thesis_strength_score,
    s.taken AS buy_more_recommended,
    CAST(NULL AS DOUBLE PRECISION) AS recommended_size_usd,
    CASE WHEN s.taken THEN 'bought' ELSE 'refused: ' || s.first_refusal END AS action_taken,
    (d30.close / s.price - 1) * 100 AS outcome_30d
FROM signals s
LEFT JOIN positions p ON p.signal = s.id
LEFT JOIN daily_bars d0 ON d0.ticker = s.ticker AND d0.session_date = s.session_date
LEFT JOIN daily_bars d30 ON d30.ticker = s.ticker AND d30.session_no = d0.session_no + 30
WHERE s.playbook = 'dip'
UNION ALL
SELECT
    CAST(h.seq AS TEXT) || '.' || CAST(h.place AS TEXT),
    h.ticker,
    h.at,
    NULL,
    NULL,
    NULL,
    h.observed,
    (1 = 0),
    NULL,
    'held: ' || h.why,
    NULL
FROM holds h
WHERE h.playbook = 'dip';

-- Proposals, in the words of the earlier systems. Effects are in R, not in percent.
CREATE VIEW learning_recommendations AS
SELECT
    p.id,
    p.parameter AS parameter_name,
    p.parameter AS parameter_path,
    p.number_now AS current_value,
    p.number_proposed AS suggested_value,
    p.number_now AS rollback_value,
    p.sample AS sample_size,
    1 - p.q AS confidence,
    p.effect AS avg_return_if_changed,
    CAST(NULL AS DOUBLE PRECISION) AS win_rate_if_changed,
    CAST(p.evidence->>'deflated_sharpe' AS DOUBLE PRECISION) AS backtest_sharpe,
    CAST(NULL AS DOUBLE PRECISION) AS trade_count_impact_pct,
    CAST(NULL AS DOUBLE PRECISION) AS risk_increase_pct,
    CAST(p.evidence->>'drawdown' AS DOUBLE PRECISION) AS max_drawdown_impact,
    CAST(NULL AS TEXT) AS downside_risk_note,
    'trial ' || p.trial AS analysis_logic,
    p.commentary AS recommendation_reason,
    CAST(NULL AS TEXT) AS sql_query,
    p.low AS confidence_interval_lower,
    p.high AS confidence_interval_upper,
    CASE p.stage
        WHEN 'pending' THEN 'pending'
        WHEN 'adopted' THEN 'applied'
        WHEN 'rejected' THEN 'rejected'
        WHEN 'expired' THEN 'rejected'
        WHEN 'withdrawn' THEN 'rolled_back'
        ELSE 'approved'
    END AS status,
    p.stage,
    p.decided_by AS reviewed_by,
    p.decided_at AS reviewed_at,
    (SELECT MIN(m.at) FROM proposal_moves m WHERE m.proposal = p.id AND m.stage = 'adopted')
        AS applied_at,
    p.at AS generated_at,
    'learning_engine' AS generated_by
FROM proposals p;

CREATE VIEW learning_cycles AS
SELECT
    c.seq AS cycle_id,
    c.session_date AS cycle_date,
    c.cadence,
    c.closed AS outcomes_seen,
    c.trials AS trials_made,
    (SELECT COUNT(*) FROM proposals p WHERE c.seq < p.seq AND p.seq < COALESCE(
        (SELECT MIN(n.seq) FROM cycles n WHERE c.seq < n.seq), p.seq + 1)) AS parameter_updates,
    CAST(NULL AS TEXT) AS agents_data,
    CAST(NULL AS TEXT) AS performance_metrics,
    'recorded' AS implementation_status
FROM cycles c;
