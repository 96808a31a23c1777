use backsight_domain::alert::Severity;
use backsight_domain::time::Time;

use super::message;
use crate::alert::Letter;
use crate::alert::list::{ChannelList, Way};

fn written(subject: &str, text: &str, html: Option<&str>) -> String {
    let file = "[[channel]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
        from = \"Desk <desk@example.com>\"\nto = [\"ann@example.com\", \"Bob <bob@example.com>\"]\n";
    let list = ChannelList::parse(file).unwrap();
    let Way::Mail(way) = &list.channels[0].way else { panic!("it is mail") };
    let letter = Letter {
        id: "desk.overfill@2024-01-05T15:42:00Z".to_owned(),
        kind: "desk.overfill".to_owned(),
        severity: Severity::Emergency,
        subject: subject.to_owned(),
        text: text.to_owned(),
        html: html.map(ToOwned::to_owned),
        at: Time::from_seconds(0),
    };
    let message = message(way, &letter, Time::from_seconds(1_704_469_320)).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

#[test]
fn a_mail_has_a_name_a_date_and_both_forms_of_its_text() {
    let mail = written("Review", "in words", Some("<p>as a page</p>"));
    for line in [
        "From: Desk <desk@example.com>",
        "Subject: Review",
        "Date: Fri, 05 Jan 2024 15:42:00 +0000",
        "Message-ID: <desk.overfill-2024-01-05T15-42-00Z@example.com>",
        "X-Backsight-Kind: desk.overfill",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "<p>as a page</p>",
    ] {
        assert!(mail.contains(line), "{line}\n{mail}");
    }
    assert!(mail.find("in words") < mail.find("as a page"), "the page is the better form");
}

#[test]
fn a_headline_cannot_add_a_header() {
    // reliability F35.
    let mail = written("Fire\r\nBcc: thief@example.com\r\n\r\n<script>", "text", None);
    assert!(!mail.contains("\r\nBcc:"), "{mail}");
    assert!(mail.contains("Subject: Fire  Bcc: thief@example.com    <script>"), "{mail}");
}
