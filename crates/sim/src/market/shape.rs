//! How volatility and volume are spread over a session: both are high at the open and the close.

/// The shapes of one session, by minute.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Factor on the volatility of a minute; its mean square is one.
    pub(super) volatility: Vec<f64>,
    /// Factor on the volume of a minute; its mean is one.
    pub(super) volume: Vec<f64>,
    /// The share of the session's variance that comes after the beginning of a minute, and zero.
    pub(super) left: Vec<f64>,
}

impl Shape {
    /// The shape of a session of this many minutes.
    pub(super) fn of_length(minutes: u16) -> Self {
        let place = |minute: u16| (f64::from(minute) + 0.5) / f64::from(minutes);
        let curve = |f: fn(f64) -> f64| (0..minutes).map(|m| f(place(m))).collect::<Vec<f64>>();
        let mut volatility = curve(|x| 0.7 + 1.5 * sixth(1.0 - x) + 0.5 * sixth(x));
        let mut volume = curve(|x| 0.6 + 1.8 * sixth(1.0 - x) + 1.6 * sixth(x));
        let square = volatility.iter().map(|v| v * v).sum::<f64>() / f64::from(minutes);
        let mean = volume.iter().sum::<f64>() / f64::from(minutes);
        for factor in &mut volatility {
            *factor /= square.sqrt();
        }
        for factor in &mut volume {
            *factor /= mean;
        }
        let mut left = vec![0.0; volatility.len() + 1];
        for minute in (0..volatility.len()).rev() {
            let share = volatility[minute] * volatility[minute] / f64::from(minutes);
            left[minute] = left[minute + 1] + share;
        }
        Self { volatility, volume, left }
    }
}

fn sixth(x: f64) -> f64 {
    let cube = x * x * x;
    cube * cube
}
