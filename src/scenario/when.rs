use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time written as `500ms`, `90s`, `5m`, `1h` or a sum such as `1m30s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(pub std::time::Duration);

impl Duration {
    /// So many seconds.
    #[must_use]
    pub const fn secs(secs: u64) -> Self {
        Self(std::time::Duration::from_secs(secs))
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not a duration such as 500ms, 90s, 5m or 1m30s");
        let (mut rest, mut total) = (text, std::time::Duration::ZERO);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(problem)?;
            let count: u64 = rest[..digits].parse().map_err(|_| problem())?;
            rest = &rest[digits..];
            let unit_len = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let millis = match &rest[..unit_len] {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                _ => return Err(problem()),
            };
            let part = std::time::Duration::from_millis(count.checked_mul(millis).ok_or_else(problem)?);
            total = total.checked_add(part).ok_or_else(problem)?;
            rest = &rest[unit_len..];
        }
        if text.is_empty() { Err(problem()) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut millis = self.0.as_millis();
        if millis == 0 {
            return f.write_str("0s");
        }
        for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
            if millis >= size {
                write!(f, "{}{unit}", millis / size)?;
                millis %= size;
            }
        }
        Ok(())
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^([0-9]+(ms|s|m|h))+$", "description": "A length of time such as 500ms, 90s, 5m or 1m30s."})
    }
}

/// When a check is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum When {
    /// On one look.
    Now {},
    /// True once nothing moves any more: observed generations caught up, rollouts complete, nothing terminating.
    Settle {
        /// How long it may take.
        within: Duration,
    },
    /// True without a break for a while, judged at every change.
    Hold {
        /// How long it must stay true.
        #[serde(rename = "for")]
        hold: Duration,
        /// How long the whole may take.
        within: Duration,
    },
}

impl Default for When {
    fn default() -> Self {
        Self::Settle { within: Duration::secs(60) }
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn duration_reads_what_it_prints() {
        for text in ["500ms", "90s", "1m30s", "2h", "0s"] {
            let parsed = Duration::parse(text).unwrap();
            assert_eq!(Duration::parse(&parsed.to_string()).unwrap(), parsed);
        }
        for bad in ["", "5", "s", "5x", "-1s", "1.5s"] {
            assert!(Duration::parse(bad).is_err(), "{bad}");
        }
    }
}
