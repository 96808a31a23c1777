use super::{Report, compare_digests, replace_generated, table};

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
