//! What the site counts about itself, for `/metrics`.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper edges of the times of answers, in milliseconds.
const EDGES_MS: [u64; 8] = [1, 2, 5, 10, 25, 50, 100, 1000];

/// Counters that only grow.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    /// Answers by the first digit of their status.
    classes: [AtomicU64; 6],
    /// Answers by time; the last place is for those above every edge.
    times: [AtomicU64; EDGES_MS.len() + 1],
    micros: AtomicU64,
}

impl Meters {
    /// Counts an answer.
    pub(crate) fn note(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).min(5);
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let millis = took.as_millis();
        let place = EDGES_MS.iter().position(|edge| millis < u128::from(*edge));
        self.times[place.unwrap_or(EDGES_MS.len())].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The counters in the text form of Prometheus.
    pub(crate) fn write(&self, text: &mut String) {
        let written = (|| {
            writeln!(text, "# HELP backsight_http_responses_total Answers by class of status.")?;
            writeln!(text, "# TYPE backsight_http_responses_total counter")?;
            for (class, count) in self.classes.iter().enumerate().skip(1) {
                let count = count.load(Ordering::Relaxed);
                writeln!(text, "backsight_http_responses_total{{class=\"{class}xx\"}} {count}")?;
            }
            writeln!(text, "# HELP backsight_http_seconds How long answers took.")?;
            writeln!(text, "# TYPE backsight_http_seconds histogram")?;
            let mut sum = 0;
            for (place, count) in self.times.iter().enumerate() {
                sum += count.load(Ordering::Relaxed);
                let edge = EDGES_MS.get(place).map(|edge| Duration::from_millis(*edge));
                let edge = edge.map_or("+Inf".to_owned(), |edge| edge.as_secs_f64().to_string());
                writeln!(text, "backsight_http_seconds_bucket{{le=\"{edge}\"}} {sum}")?;
            }
            let total = Duration::from_micros(self.micros.load(Ordering::Relaxed));
            writeln!(text, "backsight_http_seconds_sum {}", total.as_secs_f64())?;
            writeln!(text, "backsight_http_seconds_count {sum}")
        })();
        written.expect("writing to a string cannot fail");
    }
}
