//! Points as integers in hundredths, so that sums are exact and print the same everywhere.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Points in hundredths: `Points::whole(15)` is 15 points. In files and JSON a plain number with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// So many whole points.
    #[must_use]
    pub const fn whole(points: i64) -> Self {
        Self(points * 100)
    }

    /// So many hundredths of a point.
    #[must_use]
    pub const fn hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The value in hundredths.
    #[must_use]
    pub const fn as_hundredths(self) -> i64 {
        self.0
    }

    /// These points × `numerator` ÷ `denominator`, rounded half-up to a hundredth, once.
    #[must_use]
    pub fn fraction(self, numerator: u32, denominator: u32) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let (n, d) = (i128::from(self.0) * i128::from(numerator), i128::from(denominator));
        let rounded = (2 * n + d).div_euclid(2 * d);
        Self(i64::try_from(rounded).unwrap_or(i64::MAX))
    }

    /// These points in shares by weight that add up to exactly these points; equal shares when every weight is zero.
    #[must_use]
    pub fn split(self, weights: &[u64]) -> Vec<Self> {
        let equal = weights.iter().all(|w| *w == 0);
        let weight = |w: &u64| if equal { 1 } else { i128::from(*w) };
        let (sum, mut before, mut given): (i128, i128, i128) = (weights.iter().map(weight).sum(), 0, 0);
        let mut share = |w: &u64| {
            before += weight(w);
            let until = (i128::from(self.0) * before + sum - 1).div_euclid(sum);
            let part = until - given;
            given = until;
            Self(i64::try_from(part).unwrap_or(i64::MAX))
        };
        weights.iter().map(&mut share).collect()
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let text = match value % 100 {
            0 => format!("{sign}{}", value / 100),
            r if r % 10 == 0 => format!("{sign}{}.{}", value / 100, r / 10),
            r => format!("{sign}{}.{r:02}", value / 100),
        };
        f.pad(&text)
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|p| p.0).sum())
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            return serializer.serialize_i64(self.0 / 100);
        }
        #[expect(clippy::cast_precision_loss, reason = "hundredths of a score are far below 2^52")]
        serializer.serialize_f64(self.0 as f64 / 100.0)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        let hundredths = (value * 100.0).round();
        if !(-1e9..=1e9).contains(&hundredths) || (hundredths / 100.0 - value).abs() > 1e-9 {
            return Err(serde::de::Error::custom(format!("points {value} are not a number with at most two decimals")));
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        Ok(Self(hundredths as i64))
    }
}

impl schemars::JsonSchema for Points {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Points".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "multipleOf": 0.01, "description": "Points, with at most two decimals."})
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn rounds_half_up_once() {
        assert_eq!(Points::whole(10).fraction(1, 3), Points::hundredths(333));
        assert_eq!(Points::whole(1).fraction(1, 8), Points::hundredths(13));
        assert_eq!(Points::whole(15).fraction(3, 3), Points::whole(15));
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        assert_eq!(Points::whole(100).split(&[1, 1, 1]), [3334, 3333, 3333].map(Points::hundredths));
        assert_eq!(Points::whole(100).split(&[0, 0]), [5000, 5000].map(Points::hundredths));
        assert_eq!(Points::whole(10).split(&[1, 0, 2]), [334, 0, 666].map(Points::hundredths));
        assert!(Points::whole(10).split(&[]).is_empty());
    }

    #[test]
    fn prints_without_trailing_zeros_and_keeps_json_exact() {
        for (points, text) in [
            (Points::whole(100), "100"),
            (Points::hundredths(750), "7.5"),
            (Points::hundredths(333), "3.33"),
            (Points::hundredths(-5), "-0.05"),
        ] {
            assert_eq!(points.to_string(), text);
            assert_eq!(serde_json::to_string(&points).unwrap(), text);
            assert_eq!(serde_json::from_str::<Points>(text).unwrap(), points);
        }
        assert!(serde_json::from_str::<Points>("1.005").is_err());
    }
}
