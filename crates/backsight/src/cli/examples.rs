//! What is shown below the help of single commands.

pub(super) const DEMO_EXAMPLES: &str = "\
The first start writes HOME/desk.toml and begins a journal. A later start goes
on where the journal ends, also after `kill -9`, and the same seed ends with the
same receipt. An edited HOME/policy.toml takes effect when the desk next runs.

Examples:
  backsight demo
  backsight demo --headless --days 20 --seed 7 --json
  backsight demo --speed 600";

pub(super) const WHY_EXAMPLES: &str = "\
Examples:
  backsight why                            the latest signals
  backsight why s1042:0
  backsight why QNTL
  backsight why QNTL 15:42                 New York, in the last session
  backsight why QNTL 2024-01-05T15:42Z     UTC";

pub(super) const MISSED_EXAMPLES: &str = "\
A refused signal is judged by its ghost, which left by the same exits; a surge by
the hour after it; a hold by the close. All of it after costs.

Examples:
  backsight missed
  backsight missed QNTL --all
  backsight missed --json | jq '.declined[] | select(.judgement == \"missed\")'";

pub(super) const LEARN_EXAMPLES: &str = "\
Every number has its sample and the interval that holds it 95 times of 100.
Nothing is said below thirty results, and nothing here changes a rule.

Examples:
  backsight learn
  backsight learn calibration
  backsight learn --readiness
  backsight learn exit --json";

pub(super) const USERS_EXAMPLES: &str = "\
A viewer reads; an approver also judges proposals, halts and reduces; an operator
does everything. A token stands for its owner, with no greater role, until it
ends; it is shown once. Passwords are read from the standard input.

Examples:
  backsight users list
  backsight users add ann --role operator
  backsight users role ann viewer
  backsight users token ann prometheus --role viewer --only /metrics
  backsight users revoke ann prometheus";

pub(super) const DIVERGENCE_EXAMPLES: &str = "\
The back-test hears the same market and fills every order at once and whole, at
the fill model's price. Nothing is journaled.

Examples:
  backsight divergence                     the last session that closed
  backsight divergence 2024-01-05";

pub(super) const READ_EXAMPLES: &str = "\
Companies are those of HOME/companies.txt, which `import companies` writes, or
those that come with the program. Nothing is fetched and nothing is journaled.

Examples:
  backsight read \"Apple (AAPL) beats estimates, Samsung warns of weak demand\"
  backsight read \"Square posts a record quarter\" --date 2021-06-01
  backsight read \"UPDATE 1-Intel cuts jobs\" --after \"Intel cuts jobs\"";

pub(super) const IMPORT_EXAMPLES: &str = "\
Example:
  backsight import companies --sec company_tickers_exchange.json \\
    --nasdaq nasdaqlisted.txt --other otherlisted.txt";

pub(super) const FEEDS_EXAMPLES: &str = "\
The list is HOME/feeds.toml; without it, the list `default` is read. Only public
machines are asked, at the ports of the web, unless [access] in the file says
otherwise.

Examples:
  backsight feeds list --presets
  backsight feeds test https://outlet.example/news.xml
  backsight feeds add Outlet https://outlet.example/news.xml --minutes 10
  backsight feeds add --preset tradethehype
  backsight feeds remove Outlet";

pub(super) const MODEL_EXAMPLES: &str = "\
A model is config.json, vocab.txt and model.safetensors, and a manifest.json
that pins them by length and SHA-256. `pin` writes one for files at hand. Who
has no manifest lets `add` believe what arrives once and pin it: no hashes come
with the program, so hold those that it prints against the publisher's.

Examples:
  backsight model add https://models.example/finbert/ --name finbert --version 1
  backsight model pin ./finbert --name finbert --version 1 --licence Apache-2.0
  backsight model pull ./finbert/manifest.json           the files beside it
  backsight model pull manifest.json --from https://models.example/finbert/
  backsight model use finbert
  backsight model use built-in";

pub(super) const SQL_EXAMPLES: &str = "\
The tables are views of the journal in HOME/store.sqlite, or where BACKSIGHT_STORE
says: a path, or the URL of a PostgreSQL database. Statements written for
PostgreSQL are understood by both. docs/STORE.md lists every table.

Examples:
  backsight sql                            the tables and views
  backsight sql \"SELECT * FROM v_instrument_performance\"
  backsight sql \"SELECT ticker, features->>'rsi' AS rsi FROM signals\" --csv
  backsight sql \"SELECT * FROM missed_opportunities
                 WHERE ts > NOW() - INTERVAL '7 days'\" --json";

pub(super) const EXPORT_EXAMPLES: &str = "\
A file each, all as of the same record of the journal. DuckDB, Polars and pandas
read them; money is a double there. docs/STORE.md says what the columns mean.

Examples:
  backsight export                                what there is
  backsight export bars signals --out ./tables
  backsight export --all --format csv --out ./tables --from 2024-01-02
  backsight export --all --out ./tables --force   again, over the last ones";

pub(super) const REBUILD_EXAMPLES: &str = "\
Drops the tables and reads the journal from its first record. Nothing is lost:
the tables hold nothing that the journal does not say.

Examples:
  backsight rebuild
  BACKSIGHT_STORE=postgres://me@localhost/desk backsight rebuild";

pub(super) const DIGEST_EXAMPLES: &str = "\
A running desk makes both of every session by itself, keeps them in HOME/digests
and sends each once through the channels that get digests.

Examples:
  backsight digest                         the last session that closed
  backsight digest --pre                   ideas for the next one
  backsight digest --date 2024-01-05 --open
  backsight digest --send
  backsight digest --html - > review.html";

pub(super) const ALERTS_EXAMPLES: &str = "\
Secrets are never given here: name a variable or a file that holds one.

Examples:
  backsight alerts list
  backsight alerts acknowledge desk.exit_stuck --reason \"looked at it\"
  backsight alerts add mail email --server smtp.example.com --user desk \\
      --secret-env SMTP_PASSWORD --from desk@example.com --to ann@example.com \\
      --digests
  backsight alerts add team slack --secret-file slack.url --least critical
  backsight alerts add hook webhook --url https://example.com/in \\
      --secret-env HOOK_SECRET
  backsight alerts test mail";
