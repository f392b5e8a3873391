//! The formats of configurations: from bytes to a value that an expression can speak of.

use std::{collections::BTreeMap, io::Read as _};

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{config_env::content, grafana};
use crate::{
    check::{
        context::{Context, Trouble},
        object,
    },
    fluent_bit,
    reader::{Answer, Question},
    scenario::{Parse, ParseFormat},
};

/// Larger content is not a configuration that a person wrote.
const LARGEST: u64 = 4 << 20;

/// A configuration with what it may refer to.
pub(super) struct Document<'a> {
    /// Its path or key.
    pub(super) name: &'a str,
    pub(super) bytes: Vec<u8>,
    /// The files beside it, itself among them.
    pub(super) siblings: BTreeMap<String, Vec<u8>>,
    /// The variables of its program.
    pub(super) environment: BTreeMap<String, String>,
}

/// All that a ConfigMap or Secret holds.
pub(super) fn siblings(object: &Value) -> BTreeMap<String, Vec<u8>> {
    let keys = |field: &str| object.get(field).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys);
    keys("data").chain(keys("binaryData")).filter_map(|key| Some((format!("/{key}"), content(object, key)?))).collect()
}

/// The file that a container's program reads when nobody names another.
pub(super) fn default_path(format: ParseFormat, container: &Value) -> Option<String> {
    let (flags, default): (&[&str], &str) = match format {
        ParseFormat::FluentBit => (&["-c", "--config"], "/fluent-bit/etc/fluent-bit.conf"),
        ParseFormat::GrafanaDatasources => (&[], "/etc/grafana/provisioning/datasources/*"),
        ParseFormat::GrafanaDashboard => (&[], "/var/lib/grafana/dashboards/*.json"),
        ParseFormat::Alertmanager => (&["--config.file"], "/etc/alertmanager/alertmanager.yml"),
        ParseFormat::Prometheus => (&["--config.file"], "/etc/prometheus/prometheus.yml"),
        ParseFormat::Yaml | ParseFormat::Json | ParseFormat::Lines | ParseFormat::PrometheusRules => return None,
    };
    let words: Vec<&str> = ["/command", "/args"].iter().flat_map(|at| object::list(container, at)).filter_map(Value::as_str).collect();
    let after = |flag: &&str| {
        let joined = words.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
        joined.or_else(|| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1).copied()))
    };
    Some(flags.iter().find_map(after).unwrap_or(default).to_owned())
}

/// The configuration as a value, or why there is none.
pub(super) fn read(spec: &Parse, document: &Document, context: &Context) -> Result<Result<Value, String>, Trouble> {
    let text = match unpack(&document.bytes) {
        Ok(text) => text,
        Err(why) => return Ok(Err(why)),
    };
    Ok(match spec.format {
        ParseFormat::Yaml => yaml(&text),
        ParseFormat::Json => json(&text),
        ParseFormat::Lines => Ok(text.lines().map(Value::from).collect()),
        ParseFormat::FluentBit => fluent_bit(spec, document),
        ParseFormat::GrafanaDatasources => yaml(&text).and_then(datasources),
        ParseFormat::GrafanaDashboard => match json(&text) {
            Ok(config) => dashboard(config, context)?,
            Err(why) => Err(why),
        },
        ParseFormat::Alertmanager => {
            let answer = context.read(Question::Routing { config: text.clone(), alerts: spec.alerts.clone() })?;
            sound(answer).and_then(|()| with(yaml(&text)?, "reached", &answer.receivers))
        }
        ParseFormat::Prometheus => {
            let answer = context.read(Question::Config(text.clone()))?;
            sound(answer).and_then(|()| yaml(&text))
        }
        ParseFormat::PrometheusRules => {
            let answer = context.read(Question::Rules(text.clone()))?;
            sound(answer).and_then(|()| yaml(&text))
        }
    })
}

/// What the reader has against a configuration.
fn sound(answer: &Answer) -> Result<(), String> {
    answer.error().map_or(Ok(()), |why| Err(brief(why)))
}

fn with(mut config: Value, name: &str, value: impl serde::Serialize) -> Result<Value, String> {
    let fields = config.as_object_mut().ok_or("it is no mapping")?;
    fields.insert(name.into(), serde_json::to_value(value).map_err(|e| e.to_string())?);
    Ok(config)
}

/// A dashboard, whose queries to Prometheus parse.
fn dashboard(config: Value, context: &Context) -> Result<Result<Value, String>, Trouble> {
    let queries = grafana::queries(&config);
    let plain: Vec<String> = queries.iter().map(|query| grafana::without_variables(query)).collect();
    if !plain.is_empty() {
        let answer = context.read(Question::Expressions(plain))?;
        if let Some((query, why)) = queries.iter().zip(&answer.errors).find(|(_, why)| !why.is_empty()) {
            return Ok(Err(brief(&format!("`{query}`: {why}"))));
        }
    }
    Ok(with(config, "queries", queries))
}

pub(super) fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| brief(&e.to_string()))
}

fn fluent_bit(spec: &Parse, document: &Document) -> Result<Value, String> {
    let readable = |(path, bytes): (&String, &Vec<u8>)| Some((path.clone(), unpack(bytes).ok()?));
    let files = document.siblings.iter().filter_map(readable).collect();
    let path = if document.name.starts_with('/') { document.name.to_owned() } else { format!("/{}", document.name) };
    let config = fluent_bit::read(&path, &files, &document.environment).map_err(|e| e.to_string())?;
    Ok(config.to_json(&spec.logs))
}

/// Provisioned data sources: each has what Grafana does not start without.
fn datasources(config: Value) -> Result<Value, String> {
    let Some(sources) = config.get("datasources").and_then(Value::as_array) else { return Err("there is no list `datasources`".into()) };
    for source in sources {
        if let Some(missing) = ["name", "type"].into_iter().find(|key| source.get(key).and_then(Value::as_str).is_none_or(str::is_empty)) {
            return Err(format!("a data source has no `{missing}`"));
        }
    }
    Ok(config)
}

fn unpack(bytes: &[u8]) -> Result<String, String> {
    let mut plain = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut plain).map_err(|e| format!("gzip: {e}"))?;
    } else {
        plain.extend_from_slice(bytes);
    }
    if plain.len() as u64 > LARGEST {
        return Err(format!("larger than {LARGEST} bytes"));
    }
    String::from_utf8(plain).map_err(|_| "not UTF-8".into())
}

/// Reads `on` and `yes` as the words they are, and gives up early on aliases that multiply.
pub(super) fn yaml(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|e| brief(&e.to_string()))
}

/// The same for a text of several documents.
pub(super) fn yaml_documents(text: &str) -> Result<Vec<Value>, String> {
    serde_saphyr::from_multiple_with_options(text, options()).map_err(|e| brief(&e.to_string()))
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 20_000 },
    }
}

/// Parsers may quote the text, which may come from a Secret: only the first line and no snippet.
fn brief(error: &str) -> String {
    error.lines().next().unwrap_or_default().chars().take(160).collect()
}

/// The host and port of `host:port` or a URL, whose scheme may say the port.
pub(super) fn host_and_port(address: &str) -> Option<(&str, u16)> {
    let (rest, default) = match address.split_once("://") {
        Some(("https", rest)) => (rest, Some(443)),
        Some((_, rest)) => (rest, Some(80)),
        None => (address, None),
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (authority, default),
    };
    Some((host, port?)).filter(|(host, _)| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;

    use super::{LARGEST, datasources, grafana, host_and_port, json, unpack, yaml, yaml_documents};

    /// Pieces of configurations in any order, or anything at all; packed or not.
    fn any_content() -> impl Strategy<Value = Vec<u8>> {
        let pieces = [
            "datasources:\n",
            "- name: a\n",
            "  type: b\n",
            "&a ",
            "*a",
            "<<: *a\n",
            "[",
            "]",
            "{",
            "}",
            ",",
            ": ",
            "\"",
            "'",
            "\"panels\":[",
            "\"rows\":",
            "\"targets\":[",
            "{\"expr\":\"",
            "rate(x[$__interval])",
            "${",
            "[[",
            "]]",
            "$x",
            "\n",
            "  ",
            "\t",
            "---\n",
            "...\n",
            "? ",
            "|-\n",
            "!!binary ",
            "!t ",
            "%YAML 1.2\n",
            "\u{feff}",
            "한글",
            "1e999",
            "-0x1",
            "~",
            "on",
            "\\u00",
            "\\",
            "http://",
            "@",
            ":9200",
            "#",
        ];
        let text = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..32).prop_map(|pieces| pieces.concat().into_bytes());
        let plain = prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..200)];
        (plain, 0u8..8).prop_map(|(bytes, packing)| match packing {
            0 => {
                let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
                packed.write_all(&bytes).unwrap();
                packed.finish().unwrap()
            }
            1 => [&[0x1f, 0x8b, 8, 0], bytes.as_slice()].concat(),
            _ => bytes,
        })
    }

    proptest! {
        #[test]
        fn any_content_is_answered(content in any_content()) {
            let Ok(text) = unpack(&content) else { return Ok(()) };
            let _ = (yaml_documents(&text), yaml(&text).and_then(datasources), host_and_port(&text), grafana::without_variables(&text));
            for config in [yaml(&text), json(&text)].into_iter().flatten() {
                grafana::queries(&config).iter().for_each(|query| drop(grafana::without_variables(query)));
            }
        }
    }

    #[test]
    fn packed_content_is_not_unpacked_beyond_what_a_person_wrote() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&vec![b' '; usize::try_from(LARGEST).unwrap() + 1]).unwrap();
        assert_eq!(unpack(&packed.finish().unwrap()), Err(format!("larger than {LARGEST} bytes")));
    }

    #[test]
    fn aliases_that_multiply_are_refused() {
        let levels: String =
            (1..9).map(|level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "))).collect();
        assert!(yaml(&format!("a0: &a0 [x]\n{levels}")).is_err());
    }

    #[test]
    fn addresses_and_urls_have_a_host_and_a_port() {
        for (text, expected) in [
            ("elasticsearch:9200", Some(("elasticsearch", 9200))),
            ("http://prometheus.monitoring.svc:9090/x", Some(("prometheus.monitoring.svc", 9090))),
            ("https://user:pass@es", Some(("es", 443))),
            ("http://grafana/", Some(("grafana", 80))),
            ("es", None),
            ("es:port", None),
            (":9200", None),
        ] {
            assert_eq!(host_and_port(text), expected, "{text}");
        }
    }
}
