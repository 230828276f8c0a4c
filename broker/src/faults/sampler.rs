//! Samples the fault of each request.

use super::fault::Fault;
use super::rates::FaultRates;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

/// Samples faults and delays. The same seed gives the same sequence.
#[derive(Debug)]
pub struct FaultSampler {
    rates: FaultRates,
    faults: StdRng,
    /// A random source of its own, so that a preflight, which is only delayed, does not change the
    /// faults that follow: the browser decides how many preflights it sends.
    delays: StdRng,
}

impl FaultSampler {
    /// Samples at these rates, from their seed, or from 0 if they have none.
    #[must_use]
    pub fn new(rates: FaultRates) -> Self {
        let mut faults = StdRng::seed_from_u64(rates.seed.unwrap_or_default());
        let delays = StdRng::from_rng(&mut faults);
        Self { rates, faults, delays }
    }

    /// The fault of the next request, if any.
    pub fn fault(&mut self) -> Option<Fault> {
        // One number for each request, whatever the rates are.
        let mut drawn: f64 = self.faults.random();
        self.rates.faults().iter().find_map(|(fault, probability)| {
            drawn -= probability;
            (drawn < 0.0).then_some(*fault)
        })
    }

    /// The delay of the next request.
    pub fn delay(&mut self) -> Duration {
        let milliseconds = self.rates.latency().map_or(0, |range| self.delays.random_range(range));
        Duration::from_millis(milliseconds.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: usize = 20_000;

    fn sampler(rates: &str, seed: u64) -> FaultSampler {
        let mut rates: FaultRates = rates.parse().unwrap();
        rates.seed = Some(seed);
        FaultSampler::new(rates)
    }

    fn faults(rates: &str, seed: u64) -> Vec<Option<Fault>> {
        let mut sampler = sampler(rates, seed);
        (0..MANY).map(|_| sampler.fault()).collect()
    }

    #[test]
    fn faults_are_as_frequent_as_asked_for() {
        let drawn = faults("reset=0.1,status=503:0.2,status=502:0.05,slow=0.3,big=0", 1);
        for (fault, probability) in [
            (Some(Fault::Reset), 0.1),
            (Some(Fault::Status(503)), 0.2),
            (Some(Fault::Status(502)), 0.05),
            (Some(Fault::Slow), 0.3),
            (Some(Fault::Big), 0.0),
            (Some(Fault::Lost), 0.0),
            (None, 0.35),
        ] {
            let count = drawn.iter().filter(|drawn| **drawn == fault).count();
            let share = count as f64 / MANY as f64;
            // Four standard deviations, at the worst probability.
            assert!((share - probability).abs() < 0.0145, "{fault:?}: {share}");
            assert_eq!(count == 0, probability == 0.0, "{fault:?}");
        }
    }

    #[test]
    fn a_certain_fault_happens_each_time() {
        assert!(faults("hang=1", 3).iter().all(|fault| *fault == Some(Fault::Hang)));
        assert!(faults("lost=0,hang=1", 3).iter().all(|fault| *fault == Some(Fault::Hang)));
        assert!(faults("hang=0", 3).iter().all(Option::is_none));
        assert!(faults("seed=1", 3).iter().all(Option::is_none));
    }

    #[test]
    fn the_same_seed_samples_the_same() {
        let rates = "reset=0.3,lost=0.3";
        assert_eq!(faults(rates, 5), faults(rates, 5));
        assert_ne!(faults(rates, 5), faults(rates, 6));
        let delays = |seed| {
            let mut sampler = sampler("latency=0..1000", seed);
            (0..100).map(|_| sampler.delay()).collect::<Vec<_>>()
        };
        assert_eq!(delays(5), delays(5));
        assert_ne!(delays(5), delays(6));
    }

    #[test]
    fn a_seed_samples_the_same_in_every_build() {
        let mut sampler = sampler("reset=0.25,lost=0.25", 7);
        let letters: String = (0..16)
            .map(|_| match sampler.fault() {
                Some(Fault::Reset) => 'r',
                Some(Fault::Lost) => 'l',
                _ => '-',
            })
            .collect();
        assert_eq!(letters, "l-rlr--rrl------");
    }

    #[test]
    fn delays_do_not_change_the_faults() {
        let mut late = sampler("lost=0.5,latency=0..9", 2);
        let drawn = (0..MANY).map(|number| {
            for _ in 0..number % 3 {
                late.delay();
            }
            late.fault()
        });
        assert!(drawn.eq(faults("lost=0.5", 2)));
    }

    #[test]
    fn delays_are_within_their_range_and_reach_its_ends() {
        let mut sampler = sampler("latency=3..5", 4);
        let mut seen: Vec<_> = (0..1000).map(|_| sampler.delay().as_millis()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [3, 4, 5]);
    }

    #[test]
    fn without_latency_nothing_is_delayed() {
        assert_eq!(sampler("lost=1", 1).delay(), Duration::ZERO);
        assert_eq!(sampler("latency=7..7", 1).delay(), Duration::from_millis(7));
    }
}
