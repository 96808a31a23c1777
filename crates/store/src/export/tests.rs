use super::*;
use crate::{Address, Format};

fn store(name: &str) -> (PathBuf, Store) {
    let folder =
        std::env::temp_dir().join(format!("backsight-export-{name}-{}", std::process::id()));
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    let store = Store::create(&Address::File(folder.join("store.sqlite"))).unwrap();
    (folder, store)
}

fn wish(folder: &Path, format: Format) -> Export<'_> {
    Export { datasets: Dataset::ALL.iter().collect(), format, folder, from: None, until: None }
}

#[test]
fn every_column_of_a_table_is_exported() {
    let (folder, mut store) = store("columns");
    for dataset in Dataset::ALL.iter().filter(|dataset| dataset.table != "bars") {
        let table = store.ask(&format!("SELECT * FROM {} LIMIT 0", dataset.table), &[]).unwrap();
        let names: Vec<&str> = dataset.columns().iter().map(|column| column.name).collect();
        assert_eq!(names, table.columns, "{}", dataset.name);
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn no_question_sorts_a_history_in_memory() {
    let (folder, mut store) = store("plans");
    for dataset in Dataset::ALL {
        let question = dataset.question(&wish(&folder, Format::Csv));
        let plan = store.ask(&format!("EXPLAIN QUERY PLAN {}", question.sql), &[]).unwrap();
        let plan: Vec<String> = plan.rows.iter().map(|row| row[3].to_string()).collect();
        assert!(
            !plan.iter().any(|step| step.contains("TEMP B-TREE")),
            "{}: {plan:?}",
            dataset.name
        );
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_export_that_fails_leaves_what_was_there() {
    let (folder, mut store) = store("fails");
    fs::write(folder.join("bars.csv"), "old").unwrap();
    fs::create_dir(folder.join("signals.csv.part")).unwrap();
    let fault = store.export(&wish(&folder, Format::Csv), &mut |_, _| {}).unwrap_err();
    assert!(fault.to_string().contains("signals.csv.part"), "{fault}");
    assert_eq!(fs::read_to_string(folder.join("bars.csv")).unwrap(), "old");
    assert!(!folder.join("bars.csv.part").exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn cells_are_quoted_where_they_must_be() {
    let check = |value: Value, told: &str| assert_eq!(line(&[value]), format!("{told}\n"));
    check(Value::Null, "");
    check("".into(), "\"\"");
    check("plain".into(), "plain");
    check("a, \"b\"\nc".into(), "\"a, \"\"b\"\"\nc\"");
    check(Value::Json("{\"a\":1}".into()), "\"{\"\"a\"\":1}\"");
    check(Time::parse("2024-01-05T15:42:00Z").unwrap().into(), "2024-01-05T15:42:00Z");
    check(Value::Decimal { units: 12_345, scale: 4 }, "1.2345");
    check(true.into(), "true");
}
