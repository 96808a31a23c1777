use backsight_domain::alert::Severity;
use backsight_domain::time::{Span, Time};

use super::{ChannelList, HEAD, Tls, Way, with, without};
use crate::secret::SecretPlace;

fn channel(lines: &str) -> String {
    format!("[[channel]]\nname = \"one\"\n{lines}")
}

fn problems(text: &str) -> Vec<String> {
    let problems = ChannelList::parse(text).expect_err("something is wrong");
    problems.into_iter().map(|it| format!("{}: {}", it.at, it.problem)).collect()
}

const MAIL: &str = "kind = \"email\"\nserver = \"smtp.example.com\"\nuser = \"desk\"\n\
    secret_env = \"WORD\"\nfrom = \"Desk <desk@example.com>\"\nto = [\"ann@example.com\"]\n";

#[test]
fn the_head_of_a_new_file_says_what_holds_without_one() {
    assert_eq!(ChannelList::parse(HEAD).unwrap(), ChannelList::default());
}

#[test]
fn a_channel_of_every_kind_is_read() {
    let text = "[calling]\nquiet = \"22:00-07:00\"\nzone = \"+01:00\"\nescalate_minutes = 5\n\
        [retry]\nhours = 2\n[digest]\nminutes_before_open = 45\n\
        [[channel]]\nname = \"mail\"\nkind = \"email\"\nserver = \"SMTP.example.com\"\n\
        tls = \"tls\"\nfrom = \"desk@example.com\"\nto = \"ann@example.com\"\ndigests = true\n\
        [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"https://example.com/in\"\n\
        secret_file = \"hook.secret\"\nleast = \"critical\"\n\
        [[channel]]\nname = \"bot\"\nkind = \"telegram\"\nchat = -100123\nsecret_env = \"BOT\"\n\
        escalated_only = true\n\
        [[channel]]\nname = \"discord\"\nkind = \"discord\"\nsecret_env = \"D\"\n\
        [[channel]]\nname = \"slack\"\nkind = \"slack\"\nsecret_env = \"S\"\n";
    let list = ChannelList::parse(text).unwrap();
    assert_eq!(list.calling.escalate_after, Some(Span::from_minutes(5)));
    assert_eq!(
        (list.patience, list.before_open),
        (Span::from_minutes(120), Span::from_minutes(45))
    );
    let late = Time::parse("2024-01-06T22:30:00Z").unwrap();
    let released = list.calling.release(Severity::Critical, late);
    assert_eq!(released.to_string(), "2024-01-07T06:00:00Z");
    let ways: Vec<&str> = list.channels.iter().map(|it| it.way.kind()).collect();
    assert_eq!(ways, ["email", "webhook", "telegram", "discord", "slack"]);
    let Way::Mail(mail) = &list.channels[0].way else { panic!("it is mail") };
    assert_eq!((&*mail.server, mail.port, mail.tls), ("smtp.example.com", 465, Tls::Whole));
    assert!(list.channels[0].digests && list.channels[2].escalated_only);
    assert_eq!(list.channels[1].secret, Some(SecretPlace::File("hook.secret".into())));
    assert_eq!(list.channels[1].least, Severity::Critical);
}

#[test]
fn what_is_wrong_is_named_with_what_would_be_right() {
    for (text, wanted) in [
        (
            "[calling]\nescalate_minutes = 2000",
            "calling: escalate_minutes: must be a whole number from 0 to 1440",
        ),
        (
            "[calling]\nescalations = -1",
            "calling: escalations: must be a whole number from 0 to 20",
        ),
        (
            "[calling]\nquiet = \"late\"",
            "calling: quiet: must be hours of the day such as \"22:00-07:00\"",
        ),
        (
            "[calling]\nzone = \"Berlin\"",
            "calling: zone: must be \"New York\", \"UTC\" or an offset such as \"+01:00\"",
        ),
        ("[calling]\nloud = true", "calling: loud: no such setting"),
        ("[retry]\nhours = 0", "retry: hours: must be a whole number from 1 to 168"),
        (
            &channel("kind = \"pigeon\""),
            "channel 1: kind: must be one of email, webhook, telegram, discord, slack",
        ),
        (&channel("kind = \"slack\""), "channel 1: names no secret"),
        (&channel("kind = \"slack\"\nsecret = \"T0/B0/x\""), "channel 1: secret: no such setting"),
        (
            &channel("kind = \"slack\"\nsecret_env = \"A\"\nsecret_file = \"b\""),
            "channel 1: secret: write either",
        ),
        (
            &channel("kind = \"webhook\"\nsecret_env = \"A\"\nurl = \"http://example.com/\""),
            "channel 1: url: must begin with `https://`",
        ),
        (
            &channel("kind = \"telegram\"\nsecret_env = \"A\""),
            "channel 1: chat: must be the number of a chat",
        ),
        (&channel(&MAIL.replace("ann@", "ann at ")), "channel 1: to: must be an address of mail"),
        (&channel(&format!("{MAIL}tls = \"none\"")), "channel 1: tls: must not be \"none\""),
        (&channel(&MAIL.replace("secret_env = \"WORD\"\n", "")), "channel 1: names no secret"),
        (&channel(&format!("{MAIL}least = \"loud\"")), "channel 1: least: must be \"info\""),
        (
            &format!("{}{}", channel(MAIL), channel(MAIL)),
            "channel 2: a channel before it is called `one`",
        ),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|it| it.starts_with(wanted)), "{text}\n{found:?}");
    }
}

#[test]
fn a_channel_is_added_and_taken_away_and_the_rest_stays() {
    let lines = [("kind", "\"slack\"".to_owned()), ("secret_env", "\"S\"".to_owned())];
    let text = with(HEAD, "team", &lines).unwrap();
    assert!(text.contains("# nobody is called then"));
    assert!(with(&text, "team", &lines).unwrap_err().problem.contains("called so already"));
    assert!(with(HEAD, "te\"am", &lines).unwrap_err().problem.contains("1 to 40 letters"));
    let both = with(&text, "other", &lines).unwrap();
    assert_eq!(without(&both, "other").unwrap().unwrap(), text);
    assert_eq!(without(&text, "nobody").unwrap(), None);
}

#[test]
fn a_place_says_nothing_that_is_secret() {
    let text =
        channel("kind = \"webhook\"\nurl = \"https://example.com/hush\"\nsecret_env = \"A\"");
    let list = ChannelList::parse(&text).unwrap();
    assert_eq!(list.channels[0].way.to_string(), "example.com:443");
}
