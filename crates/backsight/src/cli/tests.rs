use clap::CommandFactory;

use super::*;

fn command() -> clap::Command {
    let mut command = Cli::command().term_width(80);
    command.build();
    command
}

#[test]
fn the_definition_holds_together() {
    command().debug_assert();
}

#[test]
fn the_help_lists_every_command_once() {
    let help = command().render_long_help().to_string();
    for name in command().get_subcommands().map(|sub| sub.get_name().to_owned()) {
        let rows = help.lines().filter(|line| line.starts_with(&format!("  {name} ")));
        let rows: Vec<_> = rows.filter(|line| !line.contains("backsight ")).collect();
        assert_eq!(rows.len(), 1, "`{name}` in {help}");
    }
}

#[test]
fn every_help_fits_eighty_columns() {
    let mut pages = vec![command().render_long_help().to_string()];
    for mut sub in command().get_subcommands().cloned() {
        pages.push(sub.render_long_help().to_string());
        pages.extend(sub.get_subcommands().cloned().map(|mut s| s.render_help().to_string()));
    }
    for line in pages.iter().flat_map(|page| page.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
