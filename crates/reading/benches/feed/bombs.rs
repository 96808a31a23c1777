//! What hostile documents cost: each is read in a process of its own, whose memory the system tells.

use std::fs;
use std::process::Command;

use backsight_reading::feed::{self, Envelope, Limits};

use super::{folder, row, timed};

const NAMES: [&str; 9] = [
    "entities",
    "depth",
    "attribute",
    "items",
    "text",
    "comments",
    "angles",
    "latin-1",
    "json-depth",
];

/// Reads every bomb in a child and prints what it cost.
pub(super) fn rows() {
    let program = std::env::current_exe().expect("this program has a path");
    for name in NAMES {
        let path = folder().join("bomb");
        fs::write(&path, write(name)).expect("the folder is ours");
        let output = Command::new(&program).arg("--bomb").arg(&path).output();
        let output = output.expect("it can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("it prints text");
        let figures: Vec<&str> = text.split_whitespace().collect();
        let [time, memory, bytes, items] = figures.as_slice() else { panic!("{text}") };
        let figure = |text: &str| text.parse().expect("a figure");
        let note = format!("{bytes} bytes sent, {items} items found");
        row(&format!("bomb `{name}`: time"), figure(time), "ms", "<= 1000", &note);
        row(
            &format!("bomb `{name}`: memory beyond what was sent"),
            figure(memory),
            "MiB",
            "<= 32",
            "",
        );
    }
}

/// Reads one bomb and prints milliseconds, MiB, bytes and items.
pub(super) fn explode(path: &str) {
    let bytes = fs::read(path).expect("it was written for this");
    let before = peak_kib();
    let (feed, time) = timed(|| feed::parse(&bytes, &Envelope::default()));
    let grown = peak_kib() - before;
    println!("{} {} {} {}", time.as_secs_f64() * 1000.0, grown / 1024.0, bytes.len(), feed.len());
}

/// The most memory that this process ever held.
fn peak_kib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("the system tells");
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it tells this too");
    line.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

fn write(name: &str) -> Vec<u8> {
    let size = Limits::default().document_bytes;
    let rss = |inner: &str| format!("<rss version=\"2.0\"><channel>{inner}</channel></rss>");
    let fill = |piece: &str| piece.repeat(size / piece.len());
    let text = match name {
        "entities" => {
            let mut doctype = String::from("<!DOCTYPE rss [<!ENTITY e0 \"hahahahaha\">");
            for level in 1..20 {
                let inner = format!("&e{};", level - 1).repeat(20);
                doctype.extend(["<!ENTITY e", &level.to_string(), " \"", &inner, "\">"]);
            }
            let long = "x".repeat(255);
            doctype.extend(["<!ENTITY long \"", &long, "\">]>"]);
            doctype
                + &rss(&format!(
                    "<item><title>&e19;</title><description>{}</description></item>",
                    fill("&long;")
                ))
        }
        "depth" => format!("<rss version=\"2.0\"><channel><item>{}", fill("<a>")),
        "attribute" => rss(&format!("<item><title a=\"{}\">t</title></item>", fill("x"))),
        "items" => rss(&fill("<item><title>t</title></item>")),
        "text" => rss(&fill(&format!(
            "<item><title>t</title><description>{}</description></item>",
            "word ".repeat(20_000)
        ))),
        "comments" => rss(&fill("<!--<![CDATA[<!")),
        "angles" => rss(&format!(
            "<item><title>t</title><description>{}</description></item>",
            fill("<a b='<\"&")
        )),
        "latin-1" => {
            let head =
                b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><channel><item><title>"
                    .to_vec();
            return [head, vec![0xe9; size]].concat();
        }
        "json-depth" => format!(
            "{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{}",
            fill("[{\"a\":")
        ),
        _ => panic!("no bomb is called `{name}`"),
    };
    text.into_bytes()
}
