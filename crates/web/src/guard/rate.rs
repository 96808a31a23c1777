//! How many requests one client may make: a bucket that fills at a steady rate.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::StatusCode;

use crate::clock::Stopwatch;
use crate::problem::Problem;

/// Requests a second in the long run.
const RATE: f64 = 300.0;
/// Requests at once.
const BURST: f64 = 600.0;
/// Clients that are watched; who has not come for longest is forgotten first.
const CLIENTS: usize = 4096;

/// The buckets of all clients.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<BTreeMap<String, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    since: Stopwatch,
}

impl Rates {
    /// Counts a request of a client, or refuses it.
    pub(crate) fn admit(&self, client: &str) -> Result<(), Problem> {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if CLIENTS <= buckets.len() && !buckets.contains_key(client) {
            buckets.retain(|_, bucket| bucket.level() < BURST);
            if CLIENTS <= buckets.len() {
                return Err(too_many());
            }
        }
        let fresh = Bucket { left: BURST, since: Stopwatch::start() };
        let bucket = buckets.entry(client.to_owned()).or_insert(fresh);
        let level = bucket.level();
        if level < 1.0 {
            return Err(too_many());
        }
        *bucket = Bucket { left: level - 1.0, since: Stopwatch::start() };
        Ok(())
    }
}

impl Bucket {
    fn level(&self) -> f64 {
        (self.left + self.since.elapsed().as_secs_f64() * RATE).min(BURST)
    }
}

fn too_many() -> Problem {
    let detail = format!("more than {RATE:.0} requests a second came from here");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate", detail).retry_after(1)
}
