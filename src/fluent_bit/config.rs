use serde_json::{Map, Value};

/// The properties of one section, in order; the keys in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties(Vec<(String, String)>);

impl Properties {
    /// The value of a property. Of several, the last one counts.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Keys do not mind their case, nor do the names of plugins.
    pub(super) fn add(&mut self, key: &str, value: impl Into<String>) {
        let (key, value) = (key.to_ascii_lowercase(), value.into());
        let value = if key == "name" { value.to_ascii_lowercase() } else { value };
        self.0.push((key, value));
    }

    /// Names of variables mind their case.
    pub(super) fn add_as_written(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Where an output sends its records: what it says, or what its plugin does without a word.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let port = match self.get("name")? {
            "es" | "opensearch" => "9200",
            "loki" => "3100",
            "forward" => "24224",
            "http" => "80",
            "gelf" => "12201",
            "splunk" => "8088",
            "syslog" => "514",
            "tcp" => "5170",
            _ => return None,
        };
        Some(format!("{}:{}", self.get("host").unwrap_or("127.0.0.1"), self.get("port").unwrap_or(port)))
    }

    /// As an object; a property that is given several times is a list.
    fn to_json(&self) -> Map<String, Value> {
        let mut map = Map::new();
        for (key, value) in &self.0 {
            let value = Value::from(value.as_str());
            match map.get_mut(key) {
                None => drop(map.insert(key.clone(), value)),
                Some(Value::Array(list)) => list.push(value),
                Some(one) => *one = Value::Array(vec![one.take(), value]),
            }
        }
        map
    }
}

/// A configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Of the engine itself.
    pub service: Properties,
    /// Variables that the configuration sets.
    pub env: Properties,
    /// Where records come from.
    pub inputs: Vec<Properties>,
    /// What is done to them.
    pub filters: Vec<Properties>,
    /// Where they go.
    pub outputs: Vec<Properties>,
    /// Parsers of lines.
    pub parsers: Vec<Properties>,
}

impl Config {
    /// Every section.
    pub(super) fn sections_mut(&mut self) -> impl Iterator<Item = &mut Properties> {
        let lists = self.inputs.iter_mut().chain(&mut self.filters).chain(&mut self.outputs).chain(&mut self.parsers);
        lists.chain([&mut self.service])
    }

    pub(super) fn size(&self) -> usize {
        let lists = self.inputs.iter().chain(&self.filters).chain(&self.outputs).chain(&self.parsers);
        lists.chain([&self.service, &self.env]).map(|section| section.0.len() + 1).sum()
    }

    /// As an expression sees it. Each output also lists which of the log files it is sent.
    #[must_use]
    pub fn to_json(&self, logs: &[String]) -> Value {
        let list = |sections: &[Properties]| sections.iter().map(|section| Value::Object(section.to_json())).collect::<Value>();
        let output = |output: &Properties| {
            let mut map = output.to_json();
            if let Some(address) = output.address() {
                map.insert("address".into(), address.into());
            }
            map.insert("logs".into(), logs.iter().filter(|log| self.sends(log, output)).map(String::as_str).collect());
            Value::Object(map)
        };
        let mut map = Map::new();
        map.insert("service".into(), Value::Object(self.service.to_json()));
        map.insert("inputs".into(), list(&self.inputs));
        map.insert("filters".into(), list(&self.filters));
        map.insert("outputs".into(), self.outputs.iter().map(output).collect());
        map.insert("parsers".into(), list(&self.parsers));
        Value::Object(map)
    }
}
