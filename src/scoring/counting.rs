//! Conversions between counts and reals, and the few numeric tools that the modules share.

/// A count as a real. Exact below 2^53, which no file of companies reaches.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, below 2^53")]
pub fn real(count: usize) -> f64 {
    count as f64
}

/// The nearest whole number, not below zero; `NaN` gives zero, too large gives the maximum.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast of a real saturates, and that is what is wanted"
)]
pub fn count(value: f64) -> usize {
    value.round() as usize
}

/// The nearest `u16`; saturates at both ends, `NaN` gives zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast of a real saturates, and that is what is wanted"
)]
pub fn points(value: f64) -> u16 {
    value.round() as u16
}

/// `part / whole`, or zero when there is nothing to divide by.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// `1 / (1 + exp(-x))`.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `ln(p / (1 - p))`, with `p` kept away from 0 and 1.
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

/// The mean; zero of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values
        .into_iter()
        .fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    share(sum, real(n))
}

/// The value that a share `q` of the **sorted** values do not exceed, interpolated (R's type 7).
/// `None` of nothing.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = real(last) * q.clamp(0.0, 1.0);
    let low = count(place.floor()).min(last);
    let high = (low + 1).min(last);
    let rest = place - place.floor();
    Some(sorted[low] + rest * (sorted[high] - sorted[low]))
}

/// Rounds to this many significant decimal digits, so that a cut can be read.
pub fn significant(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let magnitude = digits - 1 - exponent(value);
    // Dividing by a positive power of ten keeps short decimals exact in print.
    if magnitude >= 0 {
        let scale = 10_f64.powi(magnitude);
        (value * scale).round() / scale
    } else {
        let scale = 10_f64.powi(-magnitude);
        (value / scale).round() * scale
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the decimal exponent of a finite real is within ±324"
)]
fn exponent(value: f64) -> i32 {
    value.abs().log10().floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_interpolates_between_neighbours() {
        let sorted = [1.0, 2.0, 4.0];
        assert_eq!(quantile(&sorted, 0.0), Some(1.0));
        assert_eq!(quantile(&sorted, 0.25), Some(1.5));
        assert_eq!(quantile(&sorted, 1.0), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn a_cut_keeps_three_digits() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(significant(0.012_345, 3), 0.0123);
        near(significant(-98_765.0, 3), -98_800.0);
        near(significant(0.0, 3), 0.0);
    }

    #[test]
    fn nothing_divided_by_nothing_is_zero() {
        assert_eq!(share(0.0, 0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(mean([]).to_bits(), 0.0_f64.to_bits());
    }
}
