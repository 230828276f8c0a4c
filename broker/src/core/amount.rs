//! Amounts of eDaler.

use std::fmt;

/// How many digits an amount has after the decimal point, at most.
const DECIMALS: usize = 4;

/// How many of the smallest amount make one of the currency.
const UNIT: i64 = 10_000;

/// An amount, in ten-thousandths of the currency, so that sums are exact.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
pub(super) struct Amount(i64);

impl Amount {
    /// The largest amount. A number of JSON holds it exactly, with all decimals.
    pub(super) const MAX: Self = Self::whole(1_000_000_000);

    /// What an amount must be, as the end of a sentence.
    pub(super) const RULE: &str =
        "must be more than 0, at most 1000000000, and have at most 4 decimals.";

    /// That many of the currency.
    pub(super) const fn whole(number: i64) -> Self {
        Self(number * UNIT)
    }

    /// Reads an amount that can be paid, such as `12.5`. `None` if it breaks the
    /// [`RULE`](Self::RULE).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(decimals) || !(1..=DECIMALS).contains(&decimals.len())
        {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let decimals: i64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        let amount = Self(whole.checked_mul(UNIT)?.checked_add(decimals)?);
        (Self::default() < amount && amount <= Self::MAX).then_some(amount)
    }

    /// [`parse`](Self::parse), of a number.
    pub(super) fn of_number(number: f64) -> Option<Self> {
        Self::parse(&number.to_string())
    }

    /// The sum. `None` if it is larger than the largest amount.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self(self.0 + other.0)).filter(|sum| *sum <= Self::MAX)
    }

    /// The difference. `None` if it is negative.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        Some(Self(self.0 - other.0)).filter(|rest| *rest >= Self::default())
    }

    /// The amount as a number.
    #[allow(clippy::cast_precision_loss, reason = "exact up to the largest amount")]
    pub(super) fn number(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_and_written_exactly() {
        for (text, written) in [
            ("12.5", "12.5"),
            ("0.0001", "0.0001"),
            ("007", "7"),
            ("1.10", "1.1"),
            ("1000000000", "1000000000"),
            ("999999999.9999", "999999999.9999"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), written);
        }
        assert_eq!(Amount::of_number(0.3), Amount::parse("0.3"));
        assert_eq!(Amount::of_number(1e9), Some(Amount::MAX));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "0",
            "0.0",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "1.00001",
            "NaN",
            "1000000000.1",
            "99999999999999999999",
            " 1",
        ] {
            assert_eq!(Amount::parse(text), None, "{text:?}");
        }
        for number in [0.0, -0.0, -1.0, 1e-5, 0.1 + 0.2, 1e10, 1e300, f64::INFINITY, f64::NAN] {
            assert_eq!(Amount::of_number(number), None, "{number}");
        }
    }

    #[test]
    fn sums_and_differences_stay_within_the_limits() {
        let one = Amount::whole(1);
        assert_eq!(one.plus(one), Some(Amount::whole(2)));
        assert_eq!(Amount::MAX.plus(Amount(1)), None);
        assert_eq!(one.minus(one), Some(Amount::default()));
        assert_eq!(one.minus(Amount::whole(2)), None);
        let tenth = Amount::parse("0.1").unwrap();
        let sum = (0..10).try_fold(Amount::default(), |sum, _| sum.plus(tenth));
        assert_eq!(sum, Some(one));
    }
}
