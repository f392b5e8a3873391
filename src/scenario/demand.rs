use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Duration, ObjectRef};

/// What users ask of an application, and how it bears it: a property of the application, not of its manifests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoadSpec {
    /// Its name, by which actions and checks refer to it.
    pub name: String,
    /// What takes it: a Service by name, whose ready endpoints share it; or pods by labels.
    pub on: ObjectRef,
    /// The most CPU that one pod can use for it, whatever its limit; what is over it is answered late or with 503.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cpu>,
    /// Memory that a pod needs for each milliCPU that it serves, on top of what it needs anyhow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Bytes>,
    /// Courses of the demand by name, for example `base` and `surge`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, Vec<LoadPoint>>,
}

/// Where a demand stands after a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoadPoint {
    /// After the begin of the profile.
    #[serde(default)]
    pub after: Duration,
    /// CPU that all requests take together.
    pub demand: Cpu,
    /// In a straight line from the point before, rather than at once.
    #[serde(default)]
    pub ramp: bool,
}

/// Has users ask for something from now on (capability `load`): a profile of the load, or a steady demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetLoad {
    /// The name of the load in `spec.loads`.
    pub of: String,
    /// One of its profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// A steady demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Cpu>,
}

/// An amount of CPU, as `850m`, `2` or `1.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cpu {
    /// In thousandths of a CPU.
    pub milli: i64,
}

impl Cpu {
    /// Reads the written form.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not an amount of CPU such as 850m, 2 or 1.5");
        let whole = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
            true => digits.parse::<i64>().ok(),
            false => None,
        };
        if let Some(milli) = text.strip_suffix('m') {
            return Ok(Self { milli: whole(milli).ok_or_else(problem)? });
        }
        let (cpus, thousandths) = text.split_once('.').unwrap_or((text, "0"));
        if thousandths.is_empty() || thousandths.len() > 3 {
            return Err(problem());
        }
        let cpus = whole(cpus).and_then(|cpus| cpus.checked_mul(1000)).ok_or_else(problem)?;
        Ok(Self { milli: cpus.checked_add(whole(&format!("{thousandths:0<3}")).ok_or_else(problem)?).ok_or_else(problem)? })
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}m", self.milli)
    }
}

/// An amount of memory, as `512Ki` or `1Mi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Bytes(pub i64);

impl Bytes {
    /// Reads the written form.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not an amount of memory such as 512Ki or 1Mi");
        let unit = [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30)].into_iter().find(|(unit, _)| text.ends_with(unit));
        let (digits, size) = unit.map_or((text, 1), |(unit, size)| (text.trim_end_matches(unit), size));
        let amount: u32 = digits.parse().map_err(|_| problem())?;
        i64::from(amount).checked_mul(size).map(Self).ok_or_else(problem)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
        let (size, unit) = units.into_iter().find(|(size, _)| self.0 > 0 && self.0 % size == 0).unwrap_or((1, ""));
        write!(f, "{}{unit}", self.0 / size)
    }
}

macro_rules! written {
    ($type:ty, $name:literal, $pattern:literal, $description:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "pattern": $pattern, "description": $description})
            }
        }
    };
}

written!(Cpu, "Cpu", "^([0-9]+m|[0-9]+(\\.[0-9]{1,3})?)$", "An amount of CPU such as 850m, 2 or 1.5.");
written!(Bytes, "Bytes", "^[0-9]+(Ki|Mi|Gi)?$", "An amount of memory such as 512Ki or 1Mi.");

#[cfg(test)]
mod tests {
    use super::{Bytes, Cpu};

    #[test]
    fn amounts_read_what_they_print() {
        for (text, milli) in [("850m", 850), ("2", 2000), ("1.5", 1500), ("0.25", 250), ("0m", 0)] {
            let cpu = Cpu::parse(text).unwrap();
            assert_eq!((cpu.milli, Cpu::parse(&cpu.to_string())), (milli, Ok(cpu)), "{text}");
        }
        for (text, bytes) in [("1Mi", 1 << 20), ("512Ki", 1 << 19), ("100", 100), ("0", 0)] {
            let memory = Bytes::parse(text).unwrap();
            assert_eq!((memory.0, Bytes::parse(&memory.to_string())), (bytes, Ok(memory)), "{text}");
        }
        for bad in ["", "m", "-1m", "1.", "1.2345", "x"] {
            assert!(Cpu::parse(bad).is_err() && Bytes::parse(bad).is_err(), "{bad}");
        }
    }
}
