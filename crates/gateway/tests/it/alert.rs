//! The post against real servers: aiosmtpd, and one of our own that keeps what it is sent.

#![expect(clippy::unwrap_used, reason = "a server that does not start is a failed test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backsight_domain::alert::Severity;
use backsight_domain::time::Time;
use backsight_gateway::alert::list::ChannelList;
use backsight_gateway::alert::post::Post;
use backsight_gateway::alert::{Letter, Sent, send};
use serde_json::{Value, json};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(40);

#[expect(clippy::disallowed_methods, reason = "a test of real time")]
fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Time::from_nanos(since.as_nanos().try_into().unwrap())
}

fn variables(name: &str) -> Option<String> {
    match name {
        "PASSWORD" => Some("open sesame".to_owned()),
        "WRONG" => Some("open rice".to_owned()),
        "HUSH" => Some("hush-hush".to_owned()),
        _ => None,
    }
}

/// Looks again and again until something is there.
fn wait<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let started = now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!((now() - started).millis_floor() < 1_000 * 40, "it did not come in time");
        // A pause without a clock: nobody ever sends on this channel.
        let (_nobody, never) = mpsc::channel::<()>();
        never.recv_timeout(Duration::from_millis(20)).ok();
    }
}

/// A folder of a test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("backsight-post-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn mails(&self) -> Vec<String> {
        (1..).map_while(|n| fs::read_to_string(self.0.join(format!("{n}.eml"))).ok()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A mail server in a process of its own.
struct Server(Child, u16);

impl Server {
    fn start(folder: &Path, port: u16, options: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/smtp.py");
        let mut command = Command::new("/usr/bin/python3");
        command.arg(script).arg(folder).arg(port.to_string()).args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect(
            "the server tells its port; it needs Debian's `python3-aiosmtpd`, which `cargo xtask test` installs",
        );
        Self(child, port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn letter(id: &str) -> Letter {
    Letter {
        id: id.to_owned(),
        kind: "desk.overfill".to_owned(),
        severity: Severity::Emergency,
        subject: "EMERGENCY more was filled than was ordered".to_owned(),
        text: "in words".to_owned(),
        html: Some("<p>as a page</p>".to_owned()),
        at: now(),
    }
}

fn mail_list(port: u16, more: &str) -> ChannelList {
    let text = format!(
        "[[channel]]\nname = \"mail\"\nkind = \"email\"\nserver = \"localhost\"\nport = {port}\n\
         from = \"desk@example.com\"\nto = [\"ann@example.com\", \"bob@example.com\"]\n{more}"
    );
    ChannelList::parse(&text).unwrap()
}

fn secured(user: &str, variable: &str) -> String {
    let roots = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls/roots.pem");
    format!(
        "user = \"{user}\"\nsecret_env = \"{variable}\"\nroots_file = \"{}\"\n",
        roots.display()
    )
}

fn send_once(list: &ChannelList, id: &str) -> Sent {
    let channel = &list.channels[0];
    let secret =
        channel.secret.as_ref().map(|place| place.read(Path::new("."), variables).unwrap());
    send(&list.guard, channel, secret.as_ref(), &letter(id), now())
}

#[test]
fn mail_is_private_before_the_password_and_arrives_in_both_forms() {
    let folder = Folder::new("starttls");
    let server = Server::start(&folder.0, 0, &["tls"]);
    let list = mail_list(server.1, &secured("desk", "PASSWORD"));
    assert_eq!(send_once(&list, "a"), Sent::Taken);
    let mails = folder.mails();
    assert_eq!(mails.len(), 1, "one mail for both who read it");
    for line in [
        "multipart/alternative",
        "To: ann@example.com, bob@example.com",
        "in words",
        "<p>as a page</p>",
    ] {
        assert!(mails[0].contains(line), "{line}\n{}", mails[0]);
    }
    let wrong = send_once(&mail_list(server.1, &secured("desk", "WRONG")), "b");
    let Sent::Never { why } = &wrong else { panic!("{wrong:?}") };
    assert!(why.contains("535") && !why.contains("open rice"), "{why}");
    // The roots that are built in do not know this server.
    let list = mail_list(server.1, "user = \"desk\"\nsecret_env = \"PASSWORD\"\n");
    assert!(matches!(send_once(&list, "c"), Sent::Later { .. }));
    assert_eq!(folder.mails().len(), 1);
}

#[test]
fn a_server_that_does_not_become_private_gets_no_letter() {
    let folder = Folder::new("open");
    let server = Server::start(&folder.0, 0, &[]);
    assert!(matches!(
        send_once(&mail_list(server.1, ""), "a"),
        Sent::Later { .. } | Sent::Never { .. }
    ));
    assert!(folder.mails().is_empty());
    assert_eq!(send_once(&mail_list(server.1, "tls = \"none\"\n"), "b"), Sent::Taken);
}

#[test]
fn busy_is_tried_again_and_refused_is_given_up() {
    let folder = Folder::new("moods");
    let server = Server::start(&folder.0, 0, &[]);
    let list = mail_list(server.1, "tls = \"none\"\n");
    fs::write(folder.0.join("mood"), "451 4.3.0 busy").unwrap();
    let post = Post::open(&folder.0.join("home/alerts"), list, variables, now).unwrap();
    assert_eq!((post.tell(&letter("a"), 0), post.tell(&letter("a"), 0)), (1, 0));
    let standing = || post.standings()[0].1.clone();
    let failed = wait(|| Some(standing()).filter(|it| it.failing_since.is_some()));
    assert!(failed.fault.as_ref().is_some_and(|why| why.contains("451")), "{failed:?}");
    assert_eq!((failed.waiting, failed.given_up), (1, 0));
    fs::remove_file(folder.0.join("mood")).unwrap();
    let well = wait(|| Some(standing()).filter(|it| it.sent.is_some()));
    assert_eq!((well.waiting, well.failing_since, well.fault), (0, None, None));
    fs::write(folder.0.join("mood"), "550 5.7.1 never").unwrap();
    post.tell(&letter("b"), 0);
    let lost = wait(|| Some(standing()).filter(|it| it.given_up == 1));
    assert!(lost.fault.is_some_and(|why| why.contains("550")));
    assert_eq!(folder.mails().len(), 1);
}

#[test]
fn a_server_that_comes_up_later_gets_the_letter_once_whoever_died_meanwhile() {
    let folder = Folder::new("later");
    // A port that is free now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let home = folder.0.join("home/alerts");
    let open = || Post::open(&home, mail_list(port, "tls = \"none\"\n"), variables, now);
    let post = open().unwrap();
    post.tell(&letter("a"), 0);
    wait(|| Some(()).filter(|()| post.standings()[0].1.failing_since.is_some()));
    drop(post);
    let server = Server::start(&folder.0, port, &[]);
    // The lock goes with the last thread of the old post.
    let post = wait(|| open().ok());
    assert_eq!(post.tell(&letter("a"), 0), 0, "it is known");
    wait(|| Some(()).filter(|()| post.standings()[0].1.sent.is_some()));
    drop(post);
    let post = wait(|| open().ok());
    assert_eq!((post.tell(&letter("a"), 0), folder.mails().len()), (0, 1));
    drop(server);
}

/// What was asked: the first line, the headers in small letters, the body.
struct Asked(String, Vec<String>, Value);

/// A server that answers with what it is given, in turn, and hands over what it was asked.
fn listen(answers: &'static [&'static str]) -> (u16, Receiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, asked) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (visitor, _) = listener.accept().unwrap();
            told.send(serve(visitor, answer)).ok();
        }
    });
    (port, asked)
}

fn serve(visitor: TcpStream, answer: &str) -> Asked {
    visitor.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(visitor);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let first = lines.remove(0);
    let headers: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
    let length = headers.iter().find_map(|it| it.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    reader.get_mut().write_all(answer.as_bytes()).unwrap();
    Asked(first, headers, serde_json::from_slice(&body).unwrap())
}

const FINE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
const BUSY: &str =
    "HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[test]
fn a_webhook_is_signed_tried_again_and_delivered_once() {
    let folder = Folder::new("webhook");
    let (port, asked) = listen(&[BUSY, FINE]);
    let text = format!(
        "[access]\nloopback = true\n[[channel]]\nname = \"hook\"\nkind = \"webhook\"\n\
         url = \"http://127.0.0.1:{port}/in?x=1\"\nsecret_env = \"HUSH\"\n"
    );
    let list = ChannelList::parse(&text).unwrap();
    let post = Post::open(&folder.0.join("alerts"), list, variables, now).unwrap();
    post.tell(&letter("a"), 0);
    let Asked(first, headers, body) = asked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(first, "POST /in?x=1 HTTP/1.1");
    assert!(headers.contains(&"content-type: application/json".to_owned()), "{headers:?}");
    let has = |start: &str| headers.iter().any(|it| it.starts_with(start));
    assert!(has("x-backsight-signature: sha256=") && has("x-backsight-time: "), "{headers:?}");
    assert!(has("x-backsight-id: a"), "{headers:?}");
    assert_eq!((&body["id"], &body["severity"]), (&json!("a"), &json!("emergency")));
    let Asked(.., again) = asked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(again["id"], "a", "the name under which it can be known as a copy");
    wait(|| Some(()).filter(|()| post.standings()[0].1.sent.is_some()));
    assert!(asked.try_recv().is_err());
    let kept = fs::read_to_string(folder.0.join("alerts/outbox.jsonl")).unwrap();
    assert!(!kept.contains("hush") && !format!("{post:?}").contains("hush"), "{kept}");
}

#[test]
fn this_machine_is_asked_only_when_the_list_says_so() {
    let (port, asked) = listen(&[FINE]);
    let text = format!(
        "[[channel]]\nname = \"hook\"\nkind = \"webhook\"\n\
         url = \"http://127.0.0.1:{port}/\"\nsecret_env = \"HUSH\"\n"
    );
    let sent = send_once(&ChannelList::parse(&text).unwrap(), "a");
    let Sent::Later { why, .. } = &sent else { panic!("{sent:?}") };
    assert!(why.contains("may not be asked"), "{why}");
    assert!(asked.try_recv().is_err());
}

#[test]
fn chats_are_asked_in_their_own_words_and_a_failure_does_not_tell_the_secret() {
    let (port, asked) =
        listen(&[FINE, "HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]);
    let text = format!(
        "[access]\nloopback = true\n[[channel]]\nname = \"bot\"\nkind = \"telegram\"\n\
         url = \"http://127.0.0.1:{port}\"\nchat = 42\nsecret_env = \"HUSH\"\n"
    );
    let list = ChannelList::parse(&text).unwrap();
    assert_eq!(send_once(&list, "a"), Sent::Taken);
    let Asked(first, _, body) = asked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        (first.as_str(), &body["chat_id"]),
        ("POST /bothush-hush/sendMessage HTTP/1.1", &json!("42"))
    );
    let Sent::Never { why } = send_once(&list, "b") else { panic!("404 is for good") };
    assert!(why.contains("404") && !why.contains("hush"), "{why}");
    // Discord and Slack: the address is the secret.
    for (kind, field) in [("discord", "content"), ("slack", "text")] {
        let (port, asked) = listen(&[FINE]);
        let folder = Folder::new(kind);
        fs::write(folder.0.join("secret"), format!("http://127.0.0.1:{port}/hooks/hush\n"))
            .unwrap();
        let text = format!(
            "[access]\nloopback = true\n[[channel]]\nname = \"team\"\nkind = \"{kind}\"\n\
             secret_file = \"secret\"\n"
        );
        let list = ChannelList::parse(&text).unwrap();
        let post = Post::open(&folder.0.join("alerts"), list, variables, now).unwrap();
        post.tell(&letter("a"), 0);
        let Asked(first, _, body) = asked.recv_timeout(PATIENCE).unwrap();
        assert_eq!(first, "POST /hooks/hush HTTP/1.1");
        assert_eq!(body[field], "EMERGENCY more was filled than was ordered\nin words");
        wait(|| Some(()).filter(|()| post.standings()[0].1.sent.is_some()));
    }
}

#[test]
fn a_letter_that_was_given_up_is_told_through_the_others() {
    let folder = Folder::new("lament");
    let server = Server::start(&folder.0, 0, &[]);
    let (port, asked) = listen(&[FINE, FINE]);
    let text = format!(
        "[access]\nloopback = true\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:{port}/\"\n\
         secret_env = \"HUSH\"\n\
         [[channel]]\nname = \"mail\"\nkind = \"email\"\nserver = \"localhost\"\nport = {}\n\
         tls = \"none\"\nfrom = \"desk@example.com\"\nto = \"ann@example.com\"\n",
        server.1
    );
    fs::write(folder.0.join("mood"), "550 5.7.1 never").unwrap();
    let list = ChannelList::parse(&text).unwrap();
    let post = Post::open(&folder.0.join("alerts"), list, variables, now).unwrap();
    post.tell(&letter("a"), 0);
    let mut kinds = [(); 2].map(|()| asked.recv_timeout(PATIENCE).unwrap().2["kind"].to_string());
    kinds.sort();
    assert_eq!(kinds, ["\"channel.given_up\"", "\"desk.overfill\""]);
}
