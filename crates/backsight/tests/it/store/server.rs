//! A real PostgreSQL server of one test's own, on the loopback address.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The user that may run a server when we are root, which may not.
const USER: &str = "postgres";
/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that ends, with everything it holds, when the test does.
pub(super) struct Server {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl Server {
    pub(super) fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("backsight-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder).expect("a folder of our own");
        if is_root() {
            succeed(Command::new("chown").arg(USER).arg(&folder));
        }
        let port = free_port();
        let cluster = folder.join("cluster");
        succeed(
            program("initdb")
                .args(["--auth=trust", "--username=backsight", "--encoding=UTF8", "--no-sync"])
                .arg("--pgdata")
                .arg(&cluster),
        );
        let process = program("postgres")
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "unix_socket_directories=", "-p", &port.to_string(), "-D"])
            .arg(&cluster)
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("initdb was there");
        let server = Self { folder, port, process };
        server.await_answer();
        server
    }

    pub(super) fn url(&self) -> String {
        format!("postgres://backsight@127.0.0.1:{}/postgres", self.port)
    }

    fn await_answer(&self) {
        #[expect(clippy::disallowed_methods, reason = "a test that waits must end")]
        let since = Instant::now();
        let address = backsight_store::Address::parse(&self.url());
        while let Err(fault) = backsight_store::Store::create(&address) {
            assert!(since.elapsed() < PATIENCE, "the server does not answer: {fault:?}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// A program of the newest version, as a user that may run it.
fn program(name: &str) -> Command {
    let versions = fs::read_dir(VERSIONS).unwrap_or_else(|_| {
        panic!("no PostgreSQL in `{VERSIONS}`; `cargo xtask test` installs it")
    });
    let version = versions.flatten().map(|entry| entry.path()).max().expect("a version is there");
    let path = version.join("bin").join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]).arg(path);
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback address has free ports");
    listener.local_addr().expect("it is bound").port()
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("every system has it");
    output.stdout.starts_with(b"0\n")
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
