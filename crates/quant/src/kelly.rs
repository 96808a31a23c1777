//! How much of a purse a record of results justifies.

/// One-sided confidence of the lower end of the share of wins: nine in ten.
const Z: f64 = 1.281_551_565_544_600_4;

/// Half of Kelly's share, in basis points, for results in basis points of what was at stake.
///
/// The share of wins is the lower end of Wilson's interval, so that few results justify little. No
/// wins justify nothing; neither does a record that loses.
pub fn half_share_bps(results: &[i64]) -> u32 {
    let mean = |wins: bool| {
        let (mut sum, mut count) = (0.0, 0_u32);
        for result in results.iter().filter(|result| (0 < **result) == wins) {
            #[expect(clippy::cast_precision_loss, reason = "results stay far below 2^53")]
            let size = result.unsigned_abs() as f64;
            (sum, count) = (sum + size, count + 1);
        }
        (if count == 0 { 0.0 } else { sum / f64::from(count) }, f64::from(count))
    };
    let ((win, wins), (loss, losses)) = (mean(true), mean(false));
    if win <= 0.0 {
        return 0;
    }
    let share = wilson_lower(wins, wins + losses);
    let kelly = (share * win - (1.0 - share) * loss) / win;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held between nothing and half"
    )]
    let bps = (kelly.clamp(0.0, 1.0) * 5_000.0) as u32;
    bps
}

/// The lower end of Wilson's interval for a share of wins.
fn wilson_lower(wins: f64, all: f64) -> f64 {
    let (share, z2) = (wins / all, Z * Z);
    let centre = share + z2 / (2.0 * all);
    let width = Z * (share * (1.0 - share) / all + z2 / (4.0 * all * all)).sqrt();
    (centre - width) / (1.0 + z2 / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(wins: usize, win: i64, losses: usize, loss: i64) -> u32 {
        half_share_bps(&[vec![win; wins], vec![-loss; losses]].concat())
    }

    #[test]
    fn a_record_that_loses_justifies_nothing() {
        // inbound X8: a negative share was not floored before it was used.
        assert_eq!(record(5, 100, 15, 100), 0);
        assert_eq!(record(0, 100, 20, 100), 0);
        assert_eq!(half_share_bps(&[]), 0);
    }

    #[test]
    fn the_same_record_justifies_more_when_it_is_longer() {
        let (short, long) = (record(12, 200, 8, 100), record(120, 200, 80, 100));
        assert!(0 < short && short < long, "{short} {long}");
        // Kelly's own share of 60 % wins at two to one is 40 %; half of it is the limit.
        assert!(long < 2_000, "{long}");
    }
}
