//! The probabilities of faults, as given on the command line.

use super::fault::Fault;
use std::fmt::{self, Display, Formatter};
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Decimal fractions have no exact sum in binary.
const ROUNDING: f64 = 1e-9;

/// The probabilities of the faults, and the range of the latency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultRates {
    /// The seed from which the faults are sampled. `None` if none is given.
    pub seed: Option<u64>,
    latency: Option<RangeInclusive<u32>>,
    faults: Vec<(Fault, f64)>,
}

impl FaultRates {
    /// The range of the delay of each request, in milliseconds.
    #[must_use]
    pub fn latency(&self) -> Option<RangeInclusive<u32>> {
        self.latency.clone()
    }

    /// The faults and their probabilities, whose sum is at most 1.
    #[must_use]
    pub fn faults(&self) -> &[(Fault, f64)] {
        &self.faults
    }

    fn add(&mut self, item: &str) -> Result<(), String> {
        let Some((name, value)) = item.split_once('=') else {
            return Err(format!("{item:?} has no value: write name=value, with commas between"));
        };
        match name {
            "latency" => once(&mut self.latency, name, latency(value)?),
            "seed" => once(&mut self.seed, name, seed(value)?),
            "status" => {
                let (code, value) = value.split_once(':').unwrap_or((value, ""));
                self.add_fault(Fault::Status(status(code)?), value)
            }
            _ => {
                let named = Fault::NAMED.into_iter().find(|fault| fault.name() == name);
                self.add_fault(named.ok_or_else(|| unknown(name))?, value)
            }
        }
    }

    fn add_fault(&mut self, fault: Fault, value: &str) -> Result<(), String> {
        if self.faults.iter().any(|(known, _)| *known == fault) {
            return Err(twice(&fault.to_string()));
        }
        self.faults.push((fault, probability(fault, value)?));
        Ok(())
    }
}

impl FromStr for FaultRates {
    type Err = String;

    /// Parses `name=value,…`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut rates = Self::default();
        for item in text.split(',') {
            rates.add(item.trim())?;
        }
        let sum: f64 = rates.faults.iter().map(|(_, probability)| probability).sum();
        if sum > 1.0 + ROUNDING {
            let sum = (sum * 1e6).round() / 1e6;
            return Err(format!(
                "the probabilities add up to {sum}, but a request meets at most one fault: \
                 their sum must be at most 1"
            ));
        }
        Ok(rates)
    }
}

/// As on the command line, so that a run can be repeated.
impl Display for FaultRates {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let latency =
            self.latency.as_ref().map(|it| format!("latency={}..{}", it.start(), it.end()));
        let faults = self.faults.iter().map(|(fault, probability)| match fault {
            Fault::Status(_) => format!("{fault}:{probability}"),
            _ => format!("{fault}={probability}"),
        });
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        let items: Vec<_> = latency.into_iter().chain(faults).chain(seed).collect();
        formatter.write_str(&items.join(","))
    }
}

fn once<T>(slot: &mut Option<T>, name: &str, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice(name)),
    }
}

fn latency(value: &str) -> Result<RangeInclusive<u32>, String> {
    let ends = value.split_once("..").and_then(|(least, most)| {
        let (least, most) = (least.parse().ok()?, most.parse().ok()?);
        (least <= most).then_some(least..=most)
    });
    ends.ok_or_else(|| {
        format!("the latency {value:?} is not a range: write milliseconds, such as 50..300")
    })
}

fn seed(value: &str) -> Result<u64, String> {
    value.parse().map_err(|_| format!("the seed {value:?} is not a whole number"))
}

/// Checks a status. Others would not be failures, or would need more than a status.
fn status(code: &str) -> Result<u16, String> {
    let code = code.parse().ok().filter(|code| (400..=599).contains(code));
    code.ok_or_else(|| {
        "a status is from 400 to 599, and has a probability: write status=503:0.1".into()
    })
}

fn probability(fault: Fault, value: &str) -> Result<f64, String> {
    // NaN fails this comparison too.
    let probability = value.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    probability.ok_or_else(|| {
        format!(
            "{value:?} is not a probability of {fault}: write a number from 0 to 1, such as 0.05"
        )
    })
}

fn unknown(name: &str) -> String {
    let names = Fault::NAMED.map(Fault::name).join(", ");
    format!("{name:?} is unknown; expected latency, {names}, status or seed")
}

fn twice(name: &str) -> String {
    format!("{name} is given twice")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<FaultRates, String> {
        text.parse()
    }

    #[track_caller]
    fn assert_refused(text: &str, sentence: &str) {
        let error = parse(text).unwrap_err();
        assert!(error.contains(sentence), "{text:?}: {error}");
    }

    #[test]
    fn every_fault_is_parsed() {
        let text = "latency=50..300,reset=0.01,lost=0.02,hang=0.03,truncate=0.04,status=503:0.1,\
                    status=502:0.2,html=0.05,empty=0.06,wrong=0.07,big=0.08,slow=0.09,seed=7";
        let rates = parse(text).unwrap();
        assert_eq!(rates.latency(), Some(50..=300));
        assert_eq!(rates.seed, Some(7));
        assert_eq!(
            rates.faults(),
            [
                (Fault::Reset, 0.01),
                (Fault::Lost, 0.02),
                (Fault::Hang, 0.03),
                (Fault::Truncate, 0.04),
                (Fault::Status(503), 0.1),
                (Fault::Status(502), 0.2),
                (Fault::Html, 0.05),
                (Fault::Empty, 0.06),
                (Fault::Wrong, 0.07),
                (Fault::Big, 0.08),
                (Fault::Slow, 0.09),
            ]
        );
    }

    #[test]
    fn a_fault_that_is_not_given_does_not_happen() {
        let rates = parse("lost=1").unwrap();
        assert_eq!((rates.latency(), rates.seed), (None, None));
        assert_eq!(rates.faults(), [(Fault::Lost, 1.0)]);
        assert_eq!(parse("seed=1").unwrap().faults(), []);
    }

    #[test]
    fn what_is_written_can_be_parsed() {
        for text in [
            "latency=0..0",
            "lost=0.05",
            "lost=1,seed=18446744073709551615",
            "latency=1..4294967295,status=503:0.1,reset=0,html=0.25,seed=0",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        assert_eq!(parse(" seed=1, lost=1e-1 ").unwrap().to_string(), "lost=0.1,seed=1");
    }

    #[test]
    fn the_sum_of_the_probabilities_is_at_most_one() {
        // In binary the first sum is more than 1, and the second is less.
        for text in [
            "reset=0.6,lost=0.3,hang=0.1,html=0.0000000000000003",
            "reset=0.7,lost=0.2,hang=0.1",
            "reset=0.1,lost=0.1,hang=0.1,truncate=0.1,html=0.1,empty=0.1,wrong=0.1,big=0.1,\
             slow=0.1,status=500:0.1",
            "status=500:0.5,status=502:0.5",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert_refused("reset=0.6,lost=0.6", "add up to 1.2,");
        assert_refused("reset=0.1,lost=0.2,hang=0.9", "add up to 1.2,");
        assert_refused("status=500:1,status=502:0.001", "add up to 1.001,");
    }

    #[test]
    fn an_invalid_probability_is_refused() {
        for value in ["", "x", "-0.1", "1.1", "5%", "NaN", "inf", "0.1:0.2"] {
            assert_refused(&format!("lost={value}"), "not a probability of lost");
            assert_refused(&format!("status=503:{value}"), "not a probability of status=503");
        }
        assert_refused("status=503", "not a probability of status=503");
    }

    #[test]
    fn an_invalid_status_is_refused() {
        for code in ["", "x", "99", "200", "304", "399", "600", "70000", "-1"] {
            assert_refused(&format!("status={code}:0.1"), "write status=503:0.1");
        }
        assert!(parse("status=400:0.1,status=599:0.1").is_ok());
    }

    #[test]
    fn an_invalid_range_is_refused() {
        for value in ["", "5", "5..", "..5", "5..4", "-1..4", "1...4", "1..=4", "1..4294967296"] {
            assert_refused(&format!("latency={value}"), "is not a range");
        }
    }

    #[test]
    fn an_invalid_seed_is_refused() {
        for value in ["", "x", "-1", "1.5", "18446744073709551616"] {
            assert_refused(&format!("seed={value}"), "not a whole number");
        }
    }

    #[test]
    fn a_repeated_item_is_refused() {
        assert_refused("lost=0.1,lost=0.1", "lost is given twice");
        assert_refused("status=503:0.1,status=503:0.1", "status=503 is given twice");
        assert_refused("latency=1..2,latency=1..2", "latency is given twice");
        assert_refused("seed=1,seed=1", "seed is given twice");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", " ", "lost", "lost=0.1,", ",lost=0.1", "lost:0.1"] {
            assert_refused(text, "write name=value");
        }
        for text in ["loss=0.1", "Lost=0.1", "=0.1", " lost =0.1"] {
            assert_refused(text, "expected latency, reset, lost, ");
        }
    }
}
