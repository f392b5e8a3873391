use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{
    config_env::content,
    expr::{Veil, truth},
};
use crate::{
    attempt::Outcome,
    cel::Bindings,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
    },
    scenario::{Parse, ParseFormat},
    text::Text,
};

/// Larger content is not a configuration that a person wrote.
const LARGEST: u64 = 4 << 20;

/// A configuration held in a ConfigMap or Secret parses, and says this.
pub(in crate::check) fn eval_parse(spec: &Parse, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let mut objects = context.select(&spec.from)?;
    if spec.from.name.is_none() && spec.from.baseline.is_none() {
        objects.retain(|object| content(object, &spec.key).is_some());
    }
    for object in &objects {
        let reference = object::reference(object);
        findings.evidence(evidence::of(object, &[&format!("/data/{}", spec.key.replace('~', "~0").replace('/', "~1"))]));
        let Some(bytes) = content(object, &spec.key) else {
            let text = Text::new(format!("키 {} 없음", spec.key), format!("there is no key {}", spec.key));
            findings.add(Item::fails("key-missing", reference, text));
            continue;
        };
        match unpack(bytes).and_then(|text| read(spec.format, &text)) {
            Ok(config) => {
                let bindings = Bindings::default().with("config", &config);
                let mut veil = Veil::default();
                veil.over(object);
                veil.over(&config);
                truth(&mut findings, &spec.that, &bindings, &format!("{reference}#{}", spec.key), &veil)?;
            }
            Err(why) => {
                let text = Text::new(
                    format!("키 {}의 내용을 읽을 수 없습니다: {why}", spec.key),
                    format!("key {} does not parse: {why}", spec.key),
                );
                findings.add(Item::fails("does-not-parse", reference, text));
            }
        }
    }
    if objects.is_empty() {
        let reference = context.describe(&spec.from);
        findings.evidence(evidence::of_absence(&reference));
        findings.add(Item::fails("no-objects", reference, Text::new("없습니다", "there is none")));
    }
    Ok(findings.conclude())
}

fn unpack(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        GzDecoder::new(bytes.as_slice()).take(LARGEST + 1).read_to_end(&mut plain).map_err(|e| format!("gzip: {e}"))?;
        plain
    } else {
        bytes
    };
    if bytes.len() as u64 > LARGEST {
        return Err(format!("larger than {LARGEST} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "not UTF-8".into())
}

fn read(format: ParseFormat, text: &str) -> Result<Value, String> {
    // Parsers may quote the text, which may come from a Secret: only the first line and no snippet.
    let brief = |error: String| error.lines().next().unwrap_or_default().chars().take(160).collect::<String>();
    match format {
        ParseFormat::Yaml => serde_saphyr::from_str_with_options(text, yaml_options()).map_err(|e| brief(e.to_string())),
        ParseFormat::Json => serde_json::from_str(text).map_err(|e| brief(e.to_string())),
        ParseFormat::Lines => Ok(text.lines().map(Value::from).collect()),
    }
}

/// Reads `on` and `yes` as the words they are, and gives up early on aliases that multiply.
fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 20_000 },
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use flate2::{Compression, write::GzEncoder};
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, object},
    };

    fn reason(object: Value, format: &str, that: &str) -> String {
        let kind = object["kind"].clone();
        World::default()
            .with(object)
            .evaluate(json!({"parse": {"from": {"kind": kind, "name": "c"}, "key": "prom.yaml", "as": format, "that": that}}))
            .reason
    }

    fn config_map(text: &str) -> Value {
        object("ConfigMap", "c", json!({"data": {"prom.yaml": text}}))
    }

    #[test]
    fn parsed_content_is_config() {
        let yaml = "global:\n  scrape_interval: 30s\nscrape_configs:\n- job_name: web\n";
        assert_eq!(reason(config_map(yaml), "yaml", "config.scrape_configs.exists(s, s.job_name == 'web')"), "holds");
        assert_eq!(reason(config_map(yaml), "yaml", "config.scrape_configs.size() == 2"), "condition-false");
        assert_eq!(reason(config_map("honor_labels: yes\nlevel: 1.20\n"), "yaml", "config.honor_labels == 'yes'"), "holds");
        assert_eq!(reason(config_map("{\"a\": 1}"), "json", "config.a == 1"), "holds");
        assert_eq!(reason(config_map("[OUTPUT]\n  Name es\n"), "lines", "config.exists(l, l.trim() == 'Name es')"), "holds");
        assert_eq!(reason(config_map("a: [1"), "yaml", "config.a == 1"), "does-not-parse");
        assert_eq!(reason(object("ConfigMap", "c", json!({"data": {}})), "yaml", "true"), "key-missing");
        assert_eq!(
            World::default()
                .evaluate(json!({"parse": {"from": {"kind": "ConfigMap", "name": "c"}, "key": "k", "as": "yaml", "that": "true"}}))
                .verdict,
            Verdict::Fail
        );
    }

    #[test]
    fn secrets_and_gzip_are_unpacked() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"jobs: [web, api]").unwrap();
        let data = BASE64_STANDARD.encode(gzip.finish().unwrap());
        assert_eq!(reason(object("Secret", "c", json!({"data": {"prom.yaml": data}})), "yaml", "config.jobs == ['web', 'api']"), "holds");
    }

    #[test]
    fn of_objects_given_by_labels_those_without_the_key_do_not_count() {
        let made = |name: &str, data: Value| object("Secret", name, json!({"metadata": {"labels": {"made": "yes"}}, "data": data}));
        let check =
            json!({"parse": {"from": {"kind": "Secret", "labels": {"made": "yes"}}, "key": "c", "as": "yaml", "that": "config.a == 1"}});
        let (other, good, bad) = (made("other", json!({})), made("good", json!({"c": "YTogMQ=="})), made("bad", json!({"c": "YTogMg=="})));
        let reason = |objects: &[&Value]| {
            objects.iter().fold(World::default(), |world, object| world.with((*object).clone())).evaluate(check.clone()).reason
        };
        assert_eq!(reason(&[&other, &good]), "holds");
        assert_eq!(reason(&[&other, &good, &bad]), "condition-false");
        assert_eq!(reason(&[&other]), "no-objects");
    }

    #[test]
    fn a_yaml_bomb_does_not_parse() {
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
        assert_eq!(reason(config_map(bomb), "yaml", "true"), "does-not-parse");
    }
}
