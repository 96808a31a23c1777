use super::{Report, compare_digests, peers, replace_generated, rows_of, table};

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
    let rows = peers::summary(&turns).expect("three turns");
    assert_eq!((&*rows[0].value, &*rows[1].value), ("2.00", "6.00"));
    assert_eq!(rows[0].note, "3 turns, 1.00..4.00; 7 trades");
    assert_eq!(rows[1].note, "3 turns, 4.00..20.00; 4.00 times ours; 7 trades");

    let turns = [turn("1.00", "4.00"), turn("2.00", "differs")];
    let rows = peers::summary(&turns).expect("two turns");
    assert_eq!((&*rows[1].value, &*rows[1].note), ("differs", "3 runs, 0.00..9.99; 7 trades"));
}
