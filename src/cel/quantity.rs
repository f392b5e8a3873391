use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, Neg, Sub},
};

use num_bigint::BigInt;

use super::quantity_text::Written;

/// A Kubernetes quantity (`500m`, `64Mi`, `1e3`), exactly.
#[derive(Debug, Clone)]
pub struct Quantity {
    number: Number,
    /// Whether it was written in powers of 1024 and is to be written so again.
    binary: bool,
}

/// Kubernetes keeps short amounts in 64 bits and the others as long numbers. `isInteger` and the last digit of a double depend on
/// which it is, so the two are told apart here too. Either is `digits` × 10^`scale`.
#[derive(Debug, Clone)]
enum Number {
    Short { digits: i64, scale: i32 },
    Long { digits: BigInt, scale: i32 },
}

/// The scale of the finest amount; what is finer is rounded up to it.
const FINEST: i32 = -9;

impl Quantity {
    /// Reads the written form, with all that Kubernetes accepts up to 10^±1000.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        Written::read(text)
            .and_then(|written| Self::of(&written))
            .ok_or_else(|| format!("`{text}` is not a quantity such as 500m, 2, 64Mi or 1.5Gi"))
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(digits: i64) -> Self {
        Self { number: Number::Short { digits, scale: 0 }, binary: false }
    }

    fn of(written: &Written) -> Option<Self> {
        let decimals = i32::try_from(written.decimals.len()).ok()?;
        if written.is_short() && written.power - decimals >= FINEST {
            let digits: i64 = written.digits().parse().ok()?;
            if let Some(digits) = 1i64.checked_shl(written.shift).and_then(|times| digits.checked_mul(times)) {
                let digits = if written.negative { -digits } else { digits };
                return Some(Self { number: Number::Short { digits, scale: written.power - decimals }, binary: written.shift > 0 });
            }
        }
        if !written.has_digits {
            return None;
        }
        let (mut digits, mut scale) = (written.digits().parse::<BigInt>().ok()? << written.shift, written.power - decimals);
        if digits != BigInt::ZERO {
            digits = at_finest(&digits, scale);
            scale = FINEST;
        }
        if written.shift > 0 && digits > BigInt::from(i64::MAX) * ten_to(-scale) {
            (digits, scale) = (BigInt::from(i64::MAX), 0);
        }
        let binary = written.shift > 0 && digits >= ten_to(-scale);
        Some(Self { number: Number::Long { digits: if written.negative { -digits } else { digits }, scale }, binary })
    }

    /// The double nearest to the value.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        let (digits, scale) = self.long();
        double(&format!("{digits}e{scale}"))
    }

    /// The double that Kubernetes makes of the value: digits times a power of ten, so that its last digits may be off.
    #[must_use]
    pub fn approximately(&self) -> f64 {
        let (digits, scale) = self.long();
        let digits = double(&digits.to_string());
        if scale == 0 { digits } else { digits * double(&format!("1e{scale}")) }
    }

    /// The value as an integer, where Kubernetes takes it for one: `1.0` and `1Pi` are none.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self.number {
            Number::Short { digits, scale } => scaled(digits, u32::try_from(scale).ok()?),
            Number::Long { .. } => None,
        }
    }

    /// Where the value stands to zero.
    #[must_use]
    pub fn sign(&self) -> Ordering {
        match &self.number {
            Number::Short { digits, .. } => digits.cmp(&0),
            Number::Long { digits, .. } => digits.cmp(&BigInt::ZERO),
        }
    }

    fn long(&self) -> (BigInt, i32) {
        match &self.number {
            Number::Short { digits, scale } => (BigInt::from(*digits), *scale),
            Number::Long { digits, scale } => (digits.clone(), *scale),
        }
    }

    /// The digits of both at the finer scale of the two.
    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i32) {
        let ((a, of_a), (b, of_b)) = (self.long(), other.long());
        let scale = of_a.min(of_b);
        (a * ten_to(of_a - scale), b * ten_to(of_b - scale), scale)
    }
}

/// The digits at the finest scale, rounded away from zero.
fn at_finest(digits: &BigInt, scale: i32) -> BigInt {
    if scale >= FINEST {
        return digits * ten_to(scale - FINEST);
    }
    let unit = ten_to(FINEST - scale);
    let rest = digits % &unit;
    digits / unit + i32::from(rest != BigInt::ZERO)
}

fn double(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn ten_to(power: i32) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power).unwrap_or(0))
}

fn scaled(digits: i64, power: u32) -> Option<i64> {
    if digits == 0 { Some(0) } else { digits.checked_mul(10i64.checked_pow(power)?) }
}

/// The sum of two short numbers, where it is one.
fn short_sum((a, of_a): (i64, i32), (b, of_b): (i64, i32)) -> Option<Number> {
    let (digits, scale) = match (a, b) {
        (_, 0) => (a, of_a),
        (0, _) => (b, of_b),
        _ => {
            let scale = of_a.min(of_b);
            let at = |digits, of: i32| scaled(digits, u32::try_from(of - scale).ok()?);
            (at(a, of_a)?.checked_add(at(b, of_b)?)?, scale)
        }
    };
    Some(Number::Short { digits, scale })
}

impl Add for &Quantity {
    type Output = Quantity;

    fn add(self, other: Self) -> Quantity {
        let short = match (&self.number, &other.number) {
            (Number::Short { digits: a, scale: of_a }, Number::Short { digits: b, scale: of_b }) => short_sum((*a, *of_a), (*b, *of_b)),
            _ => None,
        };
        let number = short.unwrap_or_else(|| {
            let (a, b, scale) = self.aligned(other);
            Number::Long { digits: a + b, scale }
        });
        Quantity { number, binary: if self.sign().is_eq() { other.binary } else { self.binary } }
    }
}

impl Neg for &Quantity {
    type Output = Quantity;

    fn neg(self) -> Quantity {
        let number = match &self.number {
            Number::Short { digits, scale } => match digits.checked_neg() {
                Some(digits) => Number::Short { digits, scale: *scale },
                None => Number::Long { digits: -BigInt::from(*digits), scale: *scale },
            },
            Number::Long { digits, scale } => Number::Long { digits: -digits, scale: *scale },
        };
        Quantity { number, binary: self.binary }
    }
}

impl Sub for &Quantity {
    type Output = Quantity;

    fn sub(self, other: Self) -> Quantity {
        self + &-other
    }
}

/// In the form that Kubernetes writes: `1500m`, `64Mi`, `2k`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut digits, mut scale) = self.long();
        if digits == BigInt::ZERO {
            return f.write_str("0");
        }
        while scale < 0 && &digits % 10 == BigInt::ZERO {
            digits /= 10;
            scale += 1;
        }
        if self.binary && scale == 0 && digits.magnitude() >= &1024u32.into() {
            let mut unit = 0;
            while unit + 1 < BINARY.len() && &digits % 1024 == BigInt::ZERO {
                digits /= 1024;
                unit += 1;
            }
            return write!(f, "{digits}{}", BINARY[unit]);
        }
        while &digits % 10 == BigInt::ZERO {
            digits /= 10;
            scale += 1;
        }
        while scale % 3 != 0 {
            digits *= 10;
            scale -= 1;
        }
        match DECIMAL.iter().find(|(power, _)| *power == scale) {
            Some((_, unit)) => write!(f, "{digits}{unit}"),
            None => write!(f, "{digits}e{scale}"),
        }
    }
}

const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(i32, &str); 10] =
    [(-9, "n"), (-6, "u"), (-3, "m"), (0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T"), (15, "P"), (18, "E")];

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
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
        for (a, b) in [
            ("500m", "0.5"),
            ("1Gi", "1024Mi"),
            ("1", "1000m"),
            ("1e3", "1k"),
            ("0.1", "100m"),
            ("1.5Gi", "1536Mi"),
            ("+2", "2.000"),
            ("0.1n", "1n"),
            ("100Ei", "9223372036854775807"),
        ] {
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
        for text in ["", "1 Gi", "1gi", "1.2.3", "abc", "1e", "0x10", "1e9999", "--1", "Pi", "1K"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_kubernetes_writes_them() {
        for (text, written) in
            [("1.5", "1500m"), ("1.5Gi", "1536Mi"), ("2000", "2k"), ("0", "0"), ("-64Mi", "-64Mi"), ("1e30", "1e30"), ("512Ki", "512Ki")]
        {
            assert_eq!(q(text).to_string(), written, "{text}");
        }
        assert_eq!((&q("1Gi") - &q("512Mi")).to_string(), "512Mi");
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
        fn sums_are_exact_and_written_forms_read_back(a in -1_000_000_000i64..1_000_000_000, b in 0i64..1_000_000_000) {
            let sum = &q(&format!("{a}m")) + &q(&format!("{b}m"));
            prop_assert_eq!(&sum, &q(&format!("{}m", a + b)));
            prop_assert_eq!(&q(&sum.to_string()), &sum);
            prop_assert_eq!(&(&sum - &q(&format!("{b}m"))), &q(&format!("{a}m")));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eEmkKMGi]{0,12}") {
            let _ = Quantity::parse(&text).map(|quantity| (quantity.as_f64(), quantity.to_string()));
        }
    }
}
