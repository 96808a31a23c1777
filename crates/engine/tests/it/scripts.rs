//! One test for each script.

use std::fs;
use std::path::{Path, PathBuf};

use backsight_domain::verdict::Gate;

use crate::play::Play;

macro_rules! scripts {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() { check(stringify!($name)); })+

        #[test]
        fn every_script_is_played() {
            let mut there: Vec<String> = fs::read_dir(folder())
                .expect("the folder of scripts")
                .map(|file| file.expect("a file").path())
                .filter(|path| path.extension().is_some_and(|end| end == "txt"))
                .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            there.sort();
            let mut played = vec![$(stringify!($name)),+];
            played.sort_unstable();
            assert_eq!(there, played);
        }
    };
}

scripts! {
    bad_bars,
    bust,
    bust_later,
    bust_part,
    cancel_race,
    cancel_refused,
    dividend,
    duplicate_id,
    early_minute,
    empty_report,
    exit_after_close,
    exit_break_even,
    exit_end_of_day,
    exit_half_day,
    exit_ladder,
    exit_option_break_even,
    exit_option_day_close,
    exit_option_earnings,
    exit_option_expiry,
    exit_option_exposure,
    exit_option_fear,
    exit_option_gap_fade,
    exit_option_half_day,
    exit_option_hard_stop,
    exit_option_hold,
    exit_option_overnight,
    exit_option_regime,
    exit_option_stages,
    exit_option_stale_mark,
    exit_option_theta,
    exit_option_time_stop,
    exit_option_windows,
    exit_part_then_stop,
    exit_refused_fast,
    exit_roll,
    exit_roll_refused,
    exit_second_target,
    exit_sessions,
    exit_stop,
    exit_swing_at_the_close,
    exit_target,
    exit_time_stop,
    exit_trailing,
    fill_before_ack,
    fill_twice,
    gate_bar_freshness,
    gate_confidence,
    gate_cool_down,
    gate_corporate_action,
    gate_daily_loss,
    gate_daily_loss_overnight,
    gate_day_trades,
    gate_duplicate_position,
    gate_earnings,
    gate_feature_freshness,
    gate_loss_streak,
    gate_max_exposure,
    gate_max_positions,
    gate_max_positions_dip,
    gate_order_rate,
    gate_order_rate_session,
    gate_price_collar,
    gate_quote_freshness,
    gate_regime,
    gate_sector_share,
    gate_session_hours,
    gate_size,
    gate_symbol_daily_limit,
    gate_symbol_open,
    gate_trading_state,
    gate_unknown_equity,
    gate_wash_trade,
    ghost_option,
    ghost_twin,
    halted_symbol,
    late_exit,
    late_fill,
    late_filled,
    late_opening,
    late_replacement,
    lost_answer,
    manual_sale,
    manual_trade,
    missing_position,
    news,
    news_impossible,
    news_reader,
    opening_expires,
    operator_close,
    operator_flatten,
    operator_halt,
    operator_reduce,
    option_put,
    option_without_chain,
    orphan_order,
    overfill,
    overfill_exit,
    partial_fills,
    playbook_dip,
    playbook_explosive,
    playbook_gap_fade,
    playbook_news,
    policy_adopted,
    proposal_canary,
    proposal_drawdown,
    proposal_drift,
    proposal_expires,
    proposal_four_eyes,
    proposal_harm,
    proposal_life,
    proposal_refused,
    proposal_superseded,
    proposal_unconfirmed,
    quotes,
    regime,
    replace,
    replace_by_hand,
    replace_filled,
    replace_lost,
    replace_partial,
    replace_place_gone,
    replace_refused,
    replace_restart,
    report_disagrees,
    resend,
    resend_not_when_stale,
    resend_not_while_halted,
    resend_refused,
    restart,
    split,
    split_options,
    split_to_nothing,
    status_without_fill,
    stream_lost,
    structure_cover_leaves,
    structure_covered_call,
    structure_covered_call_assigned,
    structure_credit_stop,
    structure_credit_vertical,
    structure_debit_affordable,
    structure_debit_vertical,
    structure_expiry,
    structure_no_cover,
    structure_past_imported,
    structure_rank_low,
    structure_secured_put,
    trend_long,
    trend_short,
    trend_short_refused,
    two_accounts,
    unknown_outcome,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")
}

/// Plays a script and compares what the desk did with what the script says.
fn check(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let expected = fs::read_to_string(&path).expect("the script can be read");
    assert!(expected.starts_with('#'), "the first line of a script says what it shows");
    let actual = play(&expected);
    if is_updating() {
        fs::write(&path, &actual).expect("the script can be rewritten");
    } else {
        assert_eq!(expected, actual, "`UPDATE_EXPECT=1` accepts what `{name}` does");
    }
}

#[expect(clippy::disallowed_methods, reason = "the switch belongs to who runs the tests")]
fn is_updating() -> bool {
    std::env::var("UPDATE_EXPECT").is_ok()
}

#[expect(clippy::print_stdout, reason = "shown when the script fails")]
fn trace(block: &str) {
    println!("{block}\n");
}

/// The script with what the desk really did. Blocks are parted by empty lines.
fn play(text: &str) -> String {
    let mut play = Play::new();
    let mut blocks = Vec::new();
    for block in text.split("\n\n") {
        let asked: Vec<&str> = block.lines().take_while(|line| *line != "---").collect();
        let lines: Vec<&str> = asked
            .iter()
            .copied()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .collect();
        let mut told = asked.iter().map(ToString::to_string).collect::<Vec<_>>();
        if !lines.is_empty() {
            told.push("---".to_owned());
            told.extend(play.block(&lines));
            trace(&told.join("\n"));
        }
        blocks.push(told.join("\n"));
    }
    play.replay();
    let mut text = blocks.join("\n\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// A trader finds for each gate a script in which it refuses, and scripts in which all pass.
#[test]
fn every_gate_refuses_in_a_script() {
    let texts: Vec<String> = fs::read_dir(folder())
        .expect("the folder of scripts")
        .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a script"))
        .collect();
    let refusals: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| line.contains("refused by"))
        .collect();
    let names = |line: &str, gate: Gate| {
        let told = line.split_once("refused by ").expect("it refuses").1;
        told.split("; ").any(|told| told.starts_with(&format!("{gate}, ")))
    };
    let silent: Vec<Gate> = Gate::ALL
        .into_iter()
        .filter(|gate| !refusals.iter().any(|line| names(line, *gate)))
        .collect();
    assert!(silent.is_empty(), "no script shows a refusal by {silent:?}");
    assert!(texts.iter().any(|text| text.contains("all 36 gates pass")));
}
