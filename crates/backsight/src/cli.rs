//! The command line: what can be said, and the help that says so. It is one thing because the help names
//! every command, and a command that is not named there is not found.

mod examples;

use std::net::SocketAddr;
use std::path::PathBuf;

use backsight_domain::session::covers_date;
use backsight_domain::time::Date;
use backsight_gateway::alert::list::KINDS;
use backsight_gateway::feed::list::{MINUTES, MINUTES_STANDARD};
use backsight_gateway::feed::presets;
use backsight_gateway::model::Engine;
use backsight_sim::market::World;
use backsight_store::Dataset;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use self::examples::{
    ALERTS_EXAMPLES, DEMO_EXAMPLES, DIGEST_EXAMPLES, DIVERGENCE_EXAMPLES, EXPORT_EXAMPLES,
    FEEDS_EXAMPLES, IMPORT_EXAMPLES, LEARN_EXAMPLES, MISSED_EXAMPLES, MODEL_EXAMPLES,
    READ_EXAMPLES, REBUILD_EXAMPLES, SQL_EXAMPLES, USERS_EXAMPLES, WHY_EXAMPLES,
};

const HELP: &str = "\
{about}

Orders go to a simulated exchange: this version cannot reach a broker. What a
desk knows lives in one folder: `--home`, else BACKSIGHT_HOME, else `backsight`
in the platform's data folder.

Usage: backsight [OPTIONS] <COMMAND>

Run
  demo         simulate past sessions at full speed, then keep running, live
  halt         stop opening positions; open ones keep their exits
  reduce       close only, and wind down what is over a limit
  resume       allow openings again
  flatten      cancel every order and close every position

See
  status       the desk in one screen
  positions    what is held, and why
  orders       orders of this and the last session
  why          a signal, or a symbol at a minute: every factor, every gate
  missed       what was not traded, what that cost, what stood in the way
  gates        what the refusals of each gate were worth, with intervals
  digest       a session before its open or after its close; send it

Research
  replay       decide everything again; --check compares bit for bit
  divergence   a session as it was and as a back-test, a cause for each cent

Learn
  learn        what the past says; --now tries other settings on it
  proposals    what learning proposes, and the evidence of one
  approve      let a proposal begin its way into the policy
  reject       do not want it
  withdraw     take it back

Data
  read         a headline: companies, sentiment by rung, story
  import       lists of companies, from the SEC and the exchanges
  feeds        which feeds are read; read one now
  model        fetch, check and choose models that read the news
  sql          a question of your own to the tables of the desk
  export       tables as files: Parquet or CSV

Operate
  rebuild      make the tables anew from the journal
  verify       recompute the journal's hash chain and print each day's receipt
  alerts       what waits for you; whom to tell, by mail and chat
  doctor       look for what could keep a desk from running
  config       write, show or check the policy
  users        who may enter the dashboard, with which role; tokens
  completions  completions for a shell
  help         this page, or a command's own

Options
{options}

Examples
  backsight demo                          a market, a desk, a live screen
  backsight demo --headless --days 20     twenty sessions, then a report
  backsight status
  backsight why                           the latest signals
  backsight why QNTL                      the last signal of a symbol
  backsight why QNTL 2024-01-05T15:42Z    that minute, signal or not
  backsight halt --reason \"fat fingers\"
  backsight replay --check && backsight verify
  backsight status --json | jq .accounts

Exit codes: 0 fine, 1 different or failed, 2 usage, 65 journal damaged, 69 desk
runs elsewhere or is not there, 74 storage, 78 configuration.
";

/// A trading desk that explains every decision, and every one it declined.
#[derive(Debug, Parser)]
#[command(
    name = "backsight",
    version = crate::build::VERSION,
    help_template = HELP,
    max_term_width = 80,
    disable_help_subcommand = false,
    arg_required_else_help = true,
    args_override_self = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands.
#[derive(Args, Debug)]
pub(crate) struct Everywhere {
    /// The desk's folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// One JSON value instead of a page
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Simulate past sessions at full speed, then keep running, live
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(Demo),
    /// Stop opening positions; open ones keep their exits
    Halt(Order),
    /// Close only, and wind down what is over a limit
    Reduce(Order),
    /// Allow openings again
    Resume(Order),
    /// Cancel every order and close every position
    Flatten(Order),
    /// The desk in one screen
    Status,
    /// What is held, and why
    Positions,
    /// Orders of this and the last session
    Orders(Orders),
    /// A signal, or a symbol at a minute: every factor, every gate, what happened next
    #[command(after_help = WHY_EXAMPLES)]
    Why(Why),
    /// What was not traded, what it would have made, and what stood in the way
    #[command(after_help = MISSED_EXAMPLES)]
    Missed(Missed),
    /// What the refusals of each gate were worth, with intervals
    Gates,
    /// A session before its open or after its close, as text, page or mail
    #[command(after_help = DIGEST_EXAMPLES)]
    Digest(Digest),
    /// What the desk's own past says, and what cannot be said yet
    #[command(after_help = LEARN_EXAMPLES)]
    Learn(Learn),
    /// What learning proposes, and the evidence of one
    Proposals(Proposals),
    /// Let a proposal begin its way into the policy: shadow, canary, adopted
    Approve(Reply),
    /// Do not want a proposal
    Reject(Reply),
    /// Take a proposal back; the policy is what it would be without it
    Withdraw(Reply),
    /// Decide everything again from the journal
    Replay(Replay),
    /// A session as it was and as a back-test, and a cause for each cent of the difference
    #[command(after_help = DIVERGENCE_EXAMPLES)]
    Divergence(Divergence),
    /// A headline: whom it names, what it says about each, which story it tells
    #[command(after_help = READ_EXAMPLES)]
    Read(Read),
    /// Lists that others publish
    #[command(after_help = IMPORT_EXAMPLES)]
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Which feeds are read; read one now
    #[command(after_help = FEEDS_EXAMPLES)]
    Feeds {
        #[command(subcommand)]
        act: Feeds,
    },
    /// Fetch, check and choose models that read the news
    #[command(after_help = MODEL_EXAMPLES)]
    Model {
        #[command(subcommand)]
        act: Model,
    },
    /// A question of your own to the tables of the desk; it can only read
    #[command(after_help = SQL_EXAMPLES)]
    Sql(Sql),
    /// Tables as files that other programs read
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(Export),
    /// Make the tables anew from the journal
    #[command(after_help = REBUILD_EXAMPLES)]
    Rebuild,
    /// Recompute the journal's hash chain and print each day's receipt
    Verify,
    /// What waits for a person, and whom to tell by mail, chat and webhook
    #[command(after_help = ALERTS_EXAMPLES)]
    Alerts {
        #[command(subcommand)]
        act: Alerts,
    },
    /// Look for what could keep a desk from running
    Doctor,
    /// Write, show or check the policy
    Config {
        #[command(subcommand)]
        act: Config,
    },
    /// Who may enter the dashboard, and with which role
    #[command(after_help = USERS_EXAMPLES)]
    Users {
        #[command(subcommand)]
        act: Users,
    },
    /// Completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What a simulated desk is made from.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Sessions to simulate at full speed before the live part
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub(crate) days: u32,
    /// The seed of the world; 7 unless the desk was begun with another
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<u64>,
    /// Simulated minutes in one second of the live part
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) speed: u32,
    /// End with a report after the past sessions
    #[arg(long)]
    pub(crate) headless: bool,
    /// Where the dashboard listens; this machine's port 8765, or the next that is free
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "no_web")]
    pub(crate) listen: Option<SocketAddr>,
    /// Run without the dashboard and its API
    #[arg(long)]
    pub(crate) no_web: bool,
    /// Hand printed feeds to the reader without a socket of this machine
    #[arg(long)]
    pub(crate) no_socket: bool,
    /// The kind of world
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(World::NAMES))]
    pub(crate) world: Option<String>,
    /// How many symbols the world lists
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub(crate) symbols: Option<u16>,
}

/// Who orders something, and why.
#[derive(Args, Debug)]
pub(crate) struct Order {
    /// Why; it is journaled
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// Who; the name of the user when absent
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
}

/// Which orders.
#[derive(Args, Debug)]
pub(crate) struct Orders {
    /// Every order the journal knows, not only the last two sessions
    #[arg(long)]
    pub(crate) all: bool,
}

/// What to explain.
#[derive(Args, Debug)]
pub(crate) struct Why {
    /// A signal such as s1042:0, or a symbol; the latest signals when absent
    #[arg(value_name = "ID|SYMBOL")]
    pub(crate) subject: Option<String>,
    /// The minute: 15:42 in New York on the last session, or 2024-01-05T15:42Z
    #[arg(value_name = "TIME")]
    pub(crate) time: Option<String>,
}

/// Which session to decide again.
#[derive(Args, Debug)]
pub(crate) struct Divergence {
    /// Its date; the last that closed when absent
    #[arg(value_name = "DATE")]
    pub(crate) date: Option<String>,
}

/// What to tell of what was missed.
#[derive(Args, Debug)]
pub(crate) struct Missed {
    /// A symbol; all of them when absent
    #[arg(value_name = "SYMBOL")]
    pub(crate) symbol: Option<String>,
    /// Everything that was declined, the latest last, not only what was missed most
    #[arg(long)]
    pub(crate) all: bool,
}

/// Which digest, and what to do with it.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the command line")]
pub(crate) struct Digest {
    /// Before the open: ideas with their levels
    #[arg(long, conflicts_with = "post")]
    pub(crate) pre: bool,
    /// After the close: what was made, missed and learned; this one when neither is said
    #[arg(long)]
    pub(crate) post: bool,
    /// The session; the one that is due when absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Write it as a page, to a file or with - to the standard output
    #[arg(long, value_name = "FILE|-")]
    pub(crate) html: Option<PathBuf>,
    /// Write it as a page under HOME/digests and show that in a browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Send it now through every channel that gets digests
    #[arg(long)]
    pub(crate) send: bool,
}

/// What to look back on.
#[derive(Args, Debug)]
pub(crate) struct Learn {
    /// The part; a summary of all when absent
    #[arg(value_parser = PossibleValuesParser::new(crate::command::learn::PARTS))]
    pub(crate) part: Option<String>,
    /// Try candidate policies on the recorded past now, and file what is found
    #[arg(long, conflicts_with = "part")]
    pub(crate) now: bool,
    /// Check whether the past speaks for real money: trades, expectancy, falls, back-test, drills
    #[arg(long, conflicts_with_all = ["part", "now"])]
    pub(crate) readiness: bool,
}

/// Which proposals.
#[derive(Args, Debug)]
pub(crate) struct Proposals {
    /// One of them, such as p1042, with its evidence; a list when absent
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
}

/// What a person says about a proposal.
#[derive(Args, Debug)]
pub(crate) struct Reply {
    /// The proposal, such as p1042
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) order: Order,
}

/// How to replay.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Compare every decision bit for bit; exit 1 at the first difference
    #[arg(long)]
    pub(crate) check: bool,
}

/// What to read.
#[derive(Args, Debug)]
pub(crate) struct Read {
    /// The headline
    pub(crate) headline: String,
    /// The day on which symbols are looked up; today when absent
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// A headline that was there before; says whether both tell the same story
    #[arg(long, value_name = "HEADLINE")]
    pub(crate) after: Vec<String>,
}

/// What to ask.
#[derive(Args, Debug)]
pub(crate) struct Sql {
    /// The statement; without one, the tables are listed
    pub(crate) statement: Option<String>,
    /// Rows as CSV
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// Most rows that are shown
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) limit: usize,
    /// Seconds after which the statement is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
}

/// What to hand out, and how.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Tables, such as bars or signals; without any, what there is is listed
    #[arg(value_name = "WHAT", value_parser = PossibleValuesParser::new(Dataset::ALL.iter().map(|it| it.name)))]
    pub(crate) what: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "what")]
    pub(crate) all: bool,
    /// How the files are written
    #[arg(long, value_enum, default_value_t = FileFormat::Parquet)]
    pub(crate) format: FileFormat,
    /// The folder they go to; made when it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Only from this day in New York on
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// Only up to this day, and with it
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
}

/// How files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Columns with their types, compressed
    Parquet,
    /// Lines of text
    Csv,
}

/// A day that the calendar knows.
fn day(text: &str) -> Result<Date, String> {
    let date = Date::parse(text).filter(|date| covers_date(*date));
    date.ok_or_else(|| "a day is written as 2024-01-05".to_owned())
}

/// What to import.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Who is who: writes HOME/companies.txt from three public lists
    #[command(override_usage = "backsight import companies --sec FILE --nasdaq FILE --other FILE")]
    Companies {
        /// The list of the SEC, with or without exchanges
        #[arg(long, value_name = "FILE")]
        sec: PathBuf,
        /// The list of what Nasdaq trades
        #[arg(long, value_name = "FILE")]
        nasdaq: PathBuf,
        /// The list of what other exchanges trade
        #[arg(long, value_name = "FILE")]
        other: PathBuf,
    },
}

/// What to do about alerts.
#[derive(Debug, Subcommand)]
pub(crate) enum Alerts {
    /// What waits for a person, and how the channels do
    List,
    /// What was told lately through which channel, and what came of it
    Log {
        /// How many letters, the last ones
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Say that an alert was seen; the desk journals it
    Acknowledge {
        /// Its key, as the list shows it
        key: String,
        #[command(flatten)]
        order: Order,
    },
    /// Add a channel to HOME/alerts.toml
    Add(Box<NewChannel>),
    /// Send a word through a channel, now
    Test {
        /// Its name
        name: String,
    },
    /// Take a channel out of HOME/alerts.toml
    Remove {
        /// Its name
        name: String,
    },
}

/// A channel to add.
#[derive(Args, Debug)]
pub(crate) struct NewChannel {
    /// What it is called
    pub(crate) name: String,
    /// What it is
    #[arg(value_parser = PossibleValuesParser::new(KINDS))]
    pub(crate) kind: String,
    /// A variable of the environment that holds its secret
    #[arg(long, value_name = "VARIABLE", conflicts_with = "secret_file")]
    pub(crate) secret_env: Option<String>,
    /// A file that holds its secret; without a root it lies in HOME
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<String>,
    /// From which severity on: info, warning, critical, emergency
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(crate) least: String,
    /// It also gets the digests
    #[arg(long)]
    pub(crate) digests: bool,
    /// It hears only of what nobody acknowledged in time
    #[arg(long)]
    pub(crate) escalated_only: bool,
    /// webhook: where; telegram: another server than Telegram's own
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// telegram: the chat
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) chat: Option<String>,
    /// email: the server that takes it
    #[arg(long, value_name = "HOST")]
    pub(crate) server: Option<String>,
    /// email: its port; 587, or 465 with --tls tls
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// email: starttls, tls, or none on this machine
    #[arg(long, value_name = "HOW")]
    pub(crate) tls: Option<String>,
    /// email: roots by which the server is trusted, a PEM file
    #[arg(long, value_name = "FILE")]
    pub(crate) roots_file: Option<String>,
    /// email: the name to log in with
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// email: who writes
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: Option<String>,
    /// email: who reads; again for more
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: Vec<String>,
}

/// What to do with the list of feeds.
#[derive(Debug, Subcommand)]
pub(crate) enum Feeds {
    /// The feeds that are read
    List {
        /// The lists that come with the program, instead of the desk's own
        #[arg(long)]
        presets: bool,
    },
    /// Read a feed once, now, and say what is in it
    Test {
        /// An address, or the name of a feed of the list
        #[arg(value_name = "URL|NAME")]
        subject: String,
    },
    /// Ask every feed that is due, once, and say what is new
    Poll,
    /// Add a feed, or a list that comes with the program
    Add {
        /// What it is called, and its stories' source
        #[arg(required_unless_present = "preset", requires = "url")]
        name: Option<String>,
        /// Where it is
        url: Option<String>,
        /// Minutes between two looks
        #[arg(long, value_name = "N", default_value_t = MINUTES_STANDARD, value_parser = clap::value_parser!(i64).range(MINUTES))]
        minutes: i64,
        /// Every feed of a list that comes with the program
        #[arg(long, value_name = "NAME", conflicts_with = "name", value_parser = PossibleValuesParser::new(presets::names()))]
        preset: Option<String>,
    },
    /// Take a feed off the list
    Remove {
        /// What it is called
        name: String,
    },
}

/// What to do with the models that read the news.
#[derive(Debug, Subcommand)]
pub(crate) enum Model {
    /// Fetch every file of a model that is not here and right
    Pull {
        /// Its manifest, or the name of an installed model
        #[arg(value_name = "FILE|NAME")]
        manifest: String,
        /// Where its files are; beside the manifest when absent
        #[arg(long, value_name = "URL|DIR")]
        from: Option<String>,
    },
    /// Install a model that nobody pinned: believed once, pinned from then on
    Add {
        /// An address that ends before the names of the files, or a folder
        #[arg(value_name = "URL|DIR")]
        from: String,
        /// What the model is called
        #[arg(long)]
        name: String,
        /// Which version it is; written on every reading
        #[arg(long)]
        version: String,
        /// The licence of the weights
        #[arg(long, default_value = "unknown")]
        licence: String,
    },
    /// Write a manifest for the files of a folder
    Pin {
        /// The folder
        folder: PathBuf,
        /// What the model is called
        #[arg(long)]
        name: String,
        /// Which version it is; written on every reading
        #[arg(long)]
        version: String,
        /// The licence of the weights
        #[arg(long, default_value = "unknown")]
        licence: String,
    },
    /// The models that are here
    List,
    /// Hash every file of a model; of all models without a name
    Verify {
        /// What it is called
        name: Option<String>,
    },
    /// Choose the model that reads the news
    Use {
        /// What it is called; `built-in` for those that the program brings along
        name: String,
        /// Who computes: float, int8, or onnxruntime in builds that know it
        #[arg(long, value_name = "WHO", default_value = "float", value_parser = engine)]
        engine: Engine,
    },
    /// Time every reader that is here, and compare what it says in bytes and in floats
    Bench {
        /// Headlines that are read together
        #[arg(long, value_name = "N", default_value_t = 32,
              value_parser = clap::value_parser!(u32).range(1..=1_000))]
        batch: u32,
        /// How long each reader reads, in seconds
        #[arg(long, value_name = "S", default_value_t = 2,
              value_parser = clap::value_parser!(u32).range(1..=600))]
        seconds: u32,
    },
    /// Remove a model
    Remove {
        /// What it is called
        name: String,
    },
}

/// What to do with the policy.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Write HOME/policy.toml with every setting, its meaning and its range
    Init {
        /// Replace the file that is there
        #[arg(long)]
        force: bool,
    },
    /// The policy in force; settings that differ from the defaults are marked
    Show,
    /// Every problem of a policy file, with its place and what would be right
    Check {
        /// The file; HOME/policy.toml when absent
        file: Option<PathBuf>,
    },
}

fn engine(name: &str) -> Result<Engine, String> {
    let names = || Engine::ALL.map(|it| format!("`{}`", it.name())).join(", ");
    Engine::parse(name)
        .ok_or_else(|| format!("nobody who computes is called so; there are {}", names()))
}

#[cfg(test)]
mod tests;

/// What can be done with those who may enter.
#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// Everybody, with roles and tokens
    List,
    /// Add a person, or give one another password; it is read from the standard input
    Add {
        /// The name
        name: String,
        /// What the person may do
        #[arg(long, value_name = "ROLE", default_value = "viewer", value_parser = role())]
        role: String,
    },
    /// Give a person another role
    Role {
        /// The name
        name: String,
        /// The role
        #[arg(value_parser = role())]
        role: String,
    },
    /// Remove a person with all tokens and sessions
    Remove {
        /// The name
        name: String,
    },
    /// Make a token of a person; it is shown once
    Token {
        /// Whose
        owner: String,
        /// The token's name
        name: String,
        /// What it may do; no more than its owner
        #[arg(long, value_name = "ROLE", default_value = "viewer", value_parser = role())]
        role: String,
        /// Days until it ends
        #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: u16,
        /// Only paths that begin like this; may be said again
        #[arg(long, value_name = "PATH")]
        only: Vec<String>,
    },
    /// End a token
    Revoke {
        /// Whose
        owner: String,
        /// The token's name
        name: String,
    },
}

fn role() -> PossibleValuesParser {
    PossibleValuesParser::new(["viewer", "approver", "operator"])
}
