//! A tiny deterministic generator, so that a figure never changes with the version of a crate.
//!
//! `SplitMix64` (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014):
//! ample for folds, masks and bootstrap; not for secrets.

use crate::scoring::counting;

/// Steele, Lea & Flood's increment: 2^64 divided by the golden ratio, made odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The generator; the same seed always gives the same sequence.
#[derive(Debug, Clone)]
pub struct Generator {
    state: u64,
}

impl Generator {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `[0, 1)`, from the 53 upper bits.
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 bits are exactly what a double holds"
    )]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `0..bound`; zero when the bound is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let place = self.unit() * counting::real(bound);
        counting::count(place.floor()).min(bound.saturating_sub(1))
    }

    /// Fisher and Yates's shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First outputs of `SplitMix64` for the seed 1234567, as published with the algorithm.
    #[test]
    fn the_sequence_is_the_published_one() {
        let mut generator = Generator::new(1_234_567);
        assert_eq!(generator.bits(), 6_457_827_717_110_365_317);
        assert_eq!(generator.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_shuffle_keeps_every_item_and_a_seed_repeats_itself() {
        let shuffled = |seed| {
            let mut items: Vec<u32> = (0..100).collect();
            Generator::new(seed).shuffle(&mut items);
            items
        };
        assert_eq!(shuffled(7), shuffled(7));
        assert_ne!(shuffled(7), shuffled(8));
        let mut sorted = shuffled(7);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_uniform_draw_has_its_mean_and_stays_below_one() {
        let mut generator = Generator::new(3);
        let draws: Vec<f64> = (0..10_000).map(|_| generator.unit()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        assert!((counting::mean(draws) - 0.5).abs() < 0.01);
        assert_eq!(generator.below(0), 0);
    }
}
