//! Measures how fast minutes are generated and chains quoted: `cargo run --release --example market_speed -- 50 252`.

use std::time::Instant;

use backsight_domain::market::{Minute, Slot};
use backsight_sim::market::{ChainFilter, Market, World};

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
#[expect(clippy::print_stdout, reason = "this program answers on its output")]
#[expect(clippy::cast_precision_loss, reason = "for display")]
fn main() {
    let mut numbers = std::env::args().skip(1).map(|n| n.parse().expect("a number"));
    let symbols: u16 = numbers.next().unwrap_or(50);
    let sessions = numbers.next().unwrap_or(252);
    let mut market = Market::new(World { symbols, ..World::standard(1) });
    let (mut minute, mut happenings) = (Minute::default(), Vec::new());
    let (mut minutes, mut arrived, mut volume) = (0_u64, 0, 0_i64);
    let begun = Instant::now();
    for _ in 0..sessions {
        loop {
            let news = market.next_minute(&mut minute, &mut happenings);
            minutes += 1;
            arrived += happenings.len();
            volume += minute.volume.iter().map(|&shares| i64::from(shares)).sum::<i64>();
            if news.closes {
                break;
            }
        }
    }
    let elapsed = begun.elapsed();
    let bars = minutes * u64::from(symbols);
    println!("{symbols} symbols, {sessions} sessions, {minutes} minutes, {bars} bars");
    println!("{arrived} happenings, {} planted effects", market.truth().planted.len());
    println!(
        "{volume} shares, {elapsed:.2?}, {:.1} ns/bar",
        elapsed.as_nanos() as f64 / bars as f64
    );
    let Some(slot) = (0..symbols).map(Slot).find(|slot| market.has_options(*slot)) else { return };
    let filter = ChainFilter::usual(market.date());
    let (begun, mut quotes) = (Instant::now(), 0);
    for _ in 0..1_000 {
        quotes += market.chain(slot, minute.start, &filter).map_or(0, |chain| chain.quotes.len());
    }
    let elapsed = begun.elapsed().as_nanos() as f64;
    println!(
        "a chain of {} contracts in {:.1} us, {:.0} ns a contract",
        quotes / 1_000,
        elapsed / 1e6,
        elapsed / f64::from(u32::try_from(quotes.max(1)).expect("contracts are few"))
    );
}
