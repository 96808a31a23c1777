use anyhow::anyhow;

use super::peers::{options, sentiment, turns};
use super::{Report, Request, Row, compare_digests, replace_generated, rows_of, single, table};

const FAST: &str = "warming up\nROW | bar | 2.1 | ns | 5 | one core\nDIGEST | trades | ab12\n";
const SLOW: &str = "ROW | bar | 9.4 | ns | 5 | one core\nDIGEST | trades | ab12\n";
const WRONG: &str = "ROW | bar | 1.0 | ns | 5 | one core\nDIGEST | trades | ab13\n";

fn reports(outputs: &[&str]) -> Vec<Report> {
    outputs.iter().map(|output| Report::parse(output).expect("well formed")).collect()
}

#[test]
fn rows_of_three_builds_stand_side_by_side() {
    let table = table(&reports(&[FAST, FAST, SLOW]));
    assert_eq!(table.lines().last(), Some("| bar | ns | 2.1 | 2.1 | 9.4 | 5 | one core |"));
}

#[test]
fn build_that_decides_otherwise_is_refused() {
    assert!(compare_digests(&reports(&[FAST, SLOW, FAST])).is_ok());
    let refusal = compare_digests(&reports(&[FAST, FAST, WRONG])).expect_err("digests differ");
    assert!(refusal.to_string().starts_with("native and scalar builds decide differently"));
}

#[test]
fn silent_or_malformed_bench_is_refused() {
    for output in
        ["", "ROW | bar | 2.1 | ns | 5 | x\n", "DIGEST | trades | ab12\n", "ROW | bar | 2.1\n"]
    {
        assert!(Report::parse(output).is_err(), "{output}");
    }
}

#[test]
fn only_the_generated_part_of_a_page_changes() {
    let page = "# Title\n<!-- generated: begin -->\nold\n<!-- generated: end -->\nend\n";
    let expected = "# Title\n<!-- generated: begin -->\n\nnew\n<!-- generated: end -->\nend\n";
    assert_eq!(replace_generated(page, "new").expect("has markers"), expected);
    assert!(replace_generated("# Title\n", "new").is_err());
}

#[test]
fn peers_stand_by_the_median_of_their_turns() {
    let turn = |ours: &str, peer: &str| {
        let note = "3 runs, 0.00..9.99; 7 trades";
        let rows =
            format!("ROW | ours | {ours} | ns | 5 | {note}\nROW | peer | {peer} | ns |  | {note}");
        rows_of(&rows).expect("well formed")
    };
    let turns = [turn("1.00", "4.00"), turn("2.00", "6.00"), turn("4.00", "20.00")];
    let first = |_: &[Row], place| (place != 0).then_some(0);
    let rows = turns::summary(&turns, first).expect("three turns");
    assert_eq!((&*rows[0].value, &*rows[1].value), ("2.00", "6.00"));
    assert_eq!(rows[0].note, "3 turns, 1.00..4.00; 7 trades");
    assert_eq!(rows[1].note, "3 turns, 4.00..20.00; 4.00 times ours; 7 trades");

    let turns = [turn("1.00", "4.00"), turn("2.00", "differs")];
    let rows = turns::summary(&turns, first).expect("two turns");
    assert_eq!((&*rows[1].value, &*rows[1].note), ("differs", "3 runs, 0.00..9.99; 7 trades"));
}

#[test]
fn figures_of_options_stand_beside_their_own_kind() {
    let turn = |ours: &str, peer: &str| {
        rows_of(&format!(
            "ROW | table of exercise boundaries | 9.00 | ms |  | \n\
             ROW | American price and Greeks | {ours} | µs | 0.8 | price error: median 1e-9\n\
             ROW | QuantLib QdFp fast, price | 7.00 | µs |  | \n\
             ROW | QuantLib QdFp fast, price and differences | {peer} | µs |  | 5 prices: delta",
        ))
        .expect("well formed")
    };
    let turns = [turn("1.00", "80.00"), turn("2.00", "90.00"), turn("1.00", "85.00")];
    let rows = turns::summary(&turns, options::beside).expect("three turns");
    let notes: Vec<&str> = rows.iter().map(|row| row.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            "3 turns, 9.00..9.00",
            "3 turns, 1.00..2.00; price error: median 1e-9",
            "3 turns, 7.00..7.00",
            "3 turns, 80.00..90.00; 80.00 times ours; 5 prices: delta",
        ]
    );
}

#[test]
fn sentences_of_rates_become_rows() {
    let sentiment = "20296 texts of 71 bytes on average, one core\n\
                     linear 1                            981947 texts/s   1.018 us each, mean score 0.1\n";
    let companies = "built in 87 ms\nround 1: 243000 texts/s, mean length 42 bytes\n";
    let rows = [sentiment, companies].map(single::rates_of).concat();
    let said: Vec<_> = rows.iter().map(|row| (&*row.name, &*row.value, &*row.note)).collect();
    let about = "1.018 us each, mean score 0.1; 20296 texts of 71 bytes on average, one core";
    assert_eq!(
        said,
        [
            ("linear 1", "981947", about),
            ("round 1", "243000", "mean length 42 bytes; built in 87 ms"),
        ]
    );
}

#[test]
fn shapes_beside_onnxruntime_become_rows() {
    let output = "2 threads, onnxruntime 1.31.1 beside `finbert`, sentences per second\n\
                  largest distance of logits in floats: 0.000003\n  8 x 48 pieces: float     7.1 \
                  against     7.6 (0.94x), bytes    19.6 against    25.4 (0.77x), our bytes to our \
                  floats 2.76x\n";
    let rows = sentiment::ratios_of(output);
    let said: Vec<_> = rows.iter().map(|row| (&*row.name, &*row.value, &*row.note)).collect();
    assert_eq!(
        said,
        [
            (
                "8 x 48 pieces, float",
                "0.94",
                "7.1 against 7.6 sentences/s; 2 threads, onnxruntime 1.31.1"
            ),
            (
                "8 x 48 pieces, bytes",
                "0.77",
                "19.6 against 25.4 sentences/s; 2 threads, onnxruntime 1.31.1"
            ),
        ]
    );
}

#[test]
fn absent_peer_is_a_row_that_says_why() {
    let row = Row::absent("QuantLib", &anyhow!("no `g++` | no\nnetwork").context("building"));
    assert_eq!((&*row.name, &*row.value), ("QuantLib", "-"));
    assert_eq!(row.note, "not measured: building: no `g++`   no network");
}

#[test]
fn words_for_the_bench_program_go_on_to_it() {
    let request = Request::parse(&["--peers", "--seed", "7"]).expect("known words");
    assert_eq!(request, Request { peers: true, only: None, words: vec!["--seed", "7"] });
    let request = Request::parse(&["--only", "Options"]).expect("known words");
    assert_eq!(request.only, Some("Options"));
    assert!(Request::parse(&["--only"]).is_err());
}
