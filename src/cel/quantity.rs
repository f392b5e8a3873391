use std::cmp::Ordering;

/// A Kubernetes quantity (`500m`, `64Mi`, `1e3`), compared exactly.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// The value is `mantissa` × 10^`exponent` × 2^`shift`.
    mantissa: i64,
    exponent: i32,
    shift: u32,
}

impl Quantity {
    /// Reads the written form.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not a quantity such as 500m, 2, 64Mi or 1.5Gi");
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(end);
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() + decimals.len() == 0 || decimals.contains('.') {
            return Err(problem());
        }
        let decimals = decimals.trim_end_matches('0');
        let digits: i64 = format!("0{whole}{decimals}").parse().map_err(|_| problem())?;
        let places = i32::try_from(decimals.len()).map_err(|_| problem())?;
        let (power, shift) = scale(suffix).ok_or_else(problem)?;
        Ok(Self { mantissa: if negative { -digits } else { digits }, exponent: power - places, shift })
    }

    /// The value as a double: exact enough for arithmetic in expressions, not for deciding equality of huge values.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a double is what is asked for")]
        let mantissa = self.mantissa as f64 * 2f64.powi(self.shift.cast_signed());
        if self.exponent < 0 { mantissa / 10f64.powi(-self.exponent) } else { mantissa * 10f64.powi(self.exponent) }
    }

    /// The value × 10^`lift` as a whole number, where it fits.
    fn lifted(&self, lift: i32) -> Option<i128> {
        let power = u32::try_from(self.exponent + lift).ok()?;
        i128::from(self.mantissa).checked_mul(10i128.checked_pow(power)?)?.checked_mul(1i128.checked_shl(self.shift)?)
    }
}

fn scale(suffix: &str) -> Option<(i32, u32)> {
    Some(match suffix {
        "n" => (-9, 0),
        "u" => (-6, 0),
        "m" => (-3, 0),
        "" => (0, 0),
        "k" => (3, 0),
        "M" => (6, 0),
        "G" => (9, 0),
        "T" => (12, 0),
        "P" => (15, 0),
        "E" => (18, 0),
        "Ki" => (0, 10),
        "Mi" => (0, 20),
        "Gi" => (0, 30),
        "Ti" => (0, 40),
        "Pi" => (0, 50),
        "Ei" => (0, 60),
        _ => {
            let power: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            ((-30..=30).contains(&power).then_some(power)?, 0)
        }
    })
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let lift = -self.exponent.min(other.exponent);
        match (self.lifted(lift), other.lifted(lift)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Only magnitudes more than 38 decimal digits apart come here, where doubles decide safely.
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Quantity;

    fn q(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn the_same_amount_written_differently_is_equal() {
        for (a, b) in
            [("500m", "0.5"), ("1Gi", "1024Mi"), ("1", "1000m"), ("1e3", "1k"), ("0.1", "100m"), ("1.5Gi", "1536Mi"), ("+2", "2.000")]
        {
            assert_eq!(q(a), q(b), "{a} {b}");
        }
    }

    #[test]
    fn near_misses_differ() {
        for (less, more) in [("1G", "1Gi"), ("999m", "1"), ("1152921504606846975", "1Ei"), ("1n", "1u"), ("-1", "0"), ("64Mi", "128Mi")] {
            assert!(q(less) < q(more), "{less} {more}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in ["", "m", "1 Gi", "1gi", "1.2.3", "abc", "1e", "0x10", "1e99", "--1", "."] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_numbers(a in 0i64..1_000_000_000, b in 0i64..1_000_000_000) {
            prop_assert_eq!(q(&format!("{a}m")).cmp(&q(&format!("{b}m"))), a.cmp(&b));
            prop_assert_eq!(q(&format!("{a}Mi")).cmp(&q(&format!("{}Ki", b * 1024))), a.cmp(&b));
        }

        #[test]
        fn thousandths_and_decimals_agree(a in 0i64..10_000_000) {
            prop_assert_eq!(q(&format!("{a}m")), q(&format!("{}.{:03}", a / 1000, a % 1000)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eEmkKMGi]{0,12}") {
            let _ = Quantity::parse(&text).map(|quantity| quantity.as_f64());
        }
    }
}
