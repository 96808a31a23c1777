use super::*;

#[test]
fn a_command_survives_its_own_text() {
    let proposal = ProposalId(backsight_domain::id::Seq(1042));
    for command in [Command::Flatten, Command::Approve(proposal), Command::Withdraw(proposal)] {
        let command = OperatorCommand {
            command,
            who: "ann \"the desk\" lee".into(),
            why: "line one\nline two = 3".into(),
            key: 7,
        };
        assert_eq!(parse(&text_of(&command), 7), Some(command));
    }
}

#[test]
fn a_text_that_is_no_command_is_refused() {
    for text in ["", "command = \"sell\"\nwho = \"a\"\nwhy = \"b\"", "command = \"halt\""] {
        assert_eq!(parse(text, 1), None, "{text}");
    }
}
