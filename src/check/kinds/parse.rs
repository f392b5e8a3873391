use serde_json::Value;
use serde_json_path::JsonPath;

use super::{
    config_env::{Sources, content, effective},
    expr::{Veil, truth},
    parse_format::{self, Document},
    resolves::{Asked, leads},
};
use crate::{
    attempt::Outcome,
    cel::Bindings,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        mounts, object, redact,
    },
    fluent_bit::glob_matches,
    scenario::{Hosts, Mounted, Parse},
    text::Text,
};

/// A configuration parses, and says this.
pub(in crate::check) fn eval_parse(spec: &Parse, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    match (&spec.from, &spec.key, &spec.mounted) {
        (Some(_), Some(key), None) => held(spec, key, context, &mut findings)?,
        (None, None, Some(mounted)) => seen(spec, mounted, context, &mut findings)?,
        _ => return Err(Trouble("`parse` needs either `from` and `key`, or `mounted`".into())),
    }
    Ok(findings.conclude())
}

/// What is held in ConfigMaps and Secrets.
fn held(spec: &Parse, key: &str, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let Some(from) = &spec.from else { return Ok(()) };
    let mut objects = context.select(from)?;
    if from.name.is_none() && from.baseline.is_none() {
        objects.retain(|object| content(object, key).is_some());
    }
    for object in &objects {
        let reference = object::reference(object);
        let Some(bytes) = content(object, key) else {
            findings.evidence(evidence::of(object, &[&pointer(key)]));
            let text = Text::new(format!("키 {key} 없음"), format!("there is no key {key}"));
            findings.add(Item::fails("key-missing", reference, text));
            continue;
        };
        let document = Document { name: key, bytes, siblings: parse_format::siblings(object), environment: Default::default() };
        let place = Place { object, key, about: format!("{reference}#{key}"), namespace: object::namespace(object), secrets: Vec::new() };
        judge(spec, &place, &document, context, findings)?;
    }
    if objects.is_empty() {
        findings.absent(context.describe(from));
    }
    Ok(())
}

/// What containers see.
fn seen(spec: &Parse, mounted: &Mounted, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let workloads = context.select(&mounted.by)?;
    if workloads.is_empty() {
        findings.absent(context.describe(&mounted.by));
    }
    for workload in workloads {
        let reference = object::reference(workload);
        let sources = Sources { namespace: object::namespace(workload), context };
        let mut count = 0;
        for mount in mounts::of(workload, context)? {
            let environment = effective(mount.container, &sources)?;
            let secrets = environment.values().filter(|v| v.secret).filter_map(|v| v.value.clone()).collect::<Vec<_>>();
            let path = mounted.path.clone().or_else(|| parse_format::default_path(spec.format, mount.container));
            let Some(path) = path else { return Err(Trouble("`mounted` needs a `path` for this format".into())) };
            for (name, file) in mount.files.iter().filter(|(name, _)| glob_matches(&path, name)) {
                count += 1;
                let document = Document {
                    name,
                    bytes: file.content.clone(),
                    siblings: mount.files.iter().map(|(name, file)| (name.clone(), file.content.clone())).collect(),
                    environment: environment.iter().filter_map(|(k, v)| Some((k.clone(), v.value.clone()?))).collect(),
                };
                let about = format!("{reference}:{name}");
                let secrets = secrets.clone();
                let place = Place { object: file.object, key: &file.key, about, namespace: object::namespace(workload), secrets };
                judge(spec, &place, &document, context, findings)?;
                if mounted.fresh {
                    freshness(workload, file, &reference, context, findings)?;
                }
            }
        }
        if count < mounted.min.max(1) as usize {
            findings.evidence(evidence::of(workload, &["/spec/template/spec/containers", "/spec/template/spec/volumes"]));
            let path = mounted.path.as_deref().unwrap_or("-");
            let text = Text::new(
                format!("마운트된 설정 파일 {count}개 (경로 {path})"),
                format!("{count} configuration files are mounted (path {path})"),
            );
            findings.add(Item::fails("file-missing", reference, text).value("files", count));
        }
    }
    Ok(())
}

/// Whether all pods of a workload started after their configuration was written.
fn freshness(workload: &Value, file: &mounts::File, reference: &str, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let stale = mounts::stale(workload, file, context)?;
    for pod in &stale {
        let name = object::name(pod);
        findings.evidence(evidence::of(pod, &["/status/startTime"]));
        let text = Text::new(
            format!("파드 {name}은(는) 설정이 바뀌기 전에 시작했습니다"),
            format!("pod {name} started before its configuration was changed"),
        );
        findings.add(Item::fails("started-before", reference, text).value("pod", name).value("stale", stale.len()));
    }
    if stale.is_empty() {
        let text = Text::new("모든 파드가 지금의 설정으로 시작했습니다", "every pod started with this configuration");
        findings.add(Item::holds(reference, text).value("stale", 0));
    }
    Ok(())
}

/// Where a document is from.
struct Place<'a> {
    object: &'a Value,
    key: &'a str,
    about: String,
    namespace: &'a str,
    /// Values that a text must not show.
    secrets: Vec<String>,
}

fn judge(spec: &Parse, place: &Place, document: &Document, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let config = match parse_format::read(spec, document, context)? {
        Ok(config) => config,
        Err(why) => {
            findings.evidence(evidence::of(place.object, &[&pointer(place.key)]));
            let text = Text::new(
                format!("{}의 내용을 읽을 수 없습니다: {why}", document.name),
                format!("{} does not parse: {why}", document.name),
            );
            findings.add(Item::fails("does-not-parse", &place.about, text));
            return Ok(());
        }
    };
    let secrets = redact::secrets_of(&config).into_iter().chain(place.secrets.iter().cloned()).collect::<Vec<_>>();
    findings.evidence(evidence::of(&without(place.object, place.key, &secrets), &[&pointer(place.key)]));
    let mut veil = Veil::default();
    veil.over(place.object);
    veil.over(&config);
    veil.values(place.secrets.iter().cloned());
    truth(findings, &spec.that, &Bindings::default().with("config", &config), &place.about, &veil)?;
    match &spec.hosts {
        Some(hosts) => judge_hosts(hosts, &config, place, context, findings),
        None => Ok(()),
    }
}

/// The object with no secret legible in what it holds.
fn without(object: &Value, key: &str, secrets: &[String]) -> Value {
    let mut object = object.clone();
    if let Some(Value::String(text)) = object.get_mut("data").and_then(|data| data.get_mut(key)) {
        *text = redact::masked(text, secrets);
    }
    object
}

fn judge_hosts(hosts: &Hosts, config: &Value, place: &Place, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let path = JsonPath::parse(&hosts.at).map_err(|e| Trouble(format!("`{}` is not a JSONPath: {e}", hosts.at)))?;
    let addresses: Vec<&str> = path.query(config).into_iter().filter_map(Value::as_str).collect();
    if addresses.is_empty() {
        let text = Text::new("설정에 해당하는 주소가 없습니다", "the configuration has no such address");
        findings.add(Item::fails("no-address", &place.about, text));
    }
    for address in addresses {
        match parse_format::host_and_port(address) {
            Some((host, port)) => leads(&Asked { host, port, from: place.namespace }, &hosts.backed_by, context, findings)?,
            None => {
                let text = Text::new("주소가 아닌 값이 있습니다", "there is a value that is no address");
                findings.add(Item::fails("no-address", &place.about, text));
            }
        }
    }
    Ok(())
}

fn pointer(key: &str) -> String {
    format!("/data/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use flate2::{Compression, write::GzEncoder};
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, ago, deployment, object, service},
        reader::Answer,
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

    const CONF: &str =
        "[INPUT]\n  Name tail\n  Tag kube.*\n  Path /var/log/containers/*.log\n[OUTPUT]\n  Name es\n  Match kube.*\n  Host ${ES_HOST}\n";

    /// A workload `bit` with this configuration under a name of no importance, sending to the pods of `es`.
    fn collector(conf: &str, host: &str, written: u32) -> World {
        let pod = json!({
            "containers": [{"name": "bit", "env": [{"name": "ES_HOST", "value": host}],
                "volumeMounts": [{"name": "config", "mountPath": "/fluent-bit/etc/"}]}],
            "volumes": [{"name": "config", "configMap": {"name": "bit-7f9d"}}]
        });
        let config = json!({"metadata": {"managedFields": [{"time": ago(written), "fieldsV1": {"f:data": {}}}, {"time": ago(0), "fieldsV1": {"f:metadata": {}}}]},
            "data": {"fluent-bit.conf": conf}});
        let mut named = service("elasticsearch", "es", json!("http"));
        named["spec"]["ports"][0]["port"] = json!(9200);
        World::default()
            .workload(deployment("bit").pod_spec(pod))
            .workload(deployment("es").replicas(1))
            .with(object("ConfigMap", "bit-7f9d", config))
            .with(named)
            .slice("elasticsearch", "http", 8080, "es")
    }

    fn collected(world: World, that: &str, fresh: bool) -> Outcome {
        world.evaluate(json!({"parse": {
            "mounted": {"by": {"kind": "Deployment", "name": "bit"}, "fresh": fresh}, "as": "fluent-bit", "that": that,
            "logs": ["/var/log/containers/web-0_shop_web-1.log", "/var/log/messages"],
            "hosts": {"at": "$.outputs[?@.name=='es'].address", "backedBy": {"kind": "Deployment", "name": "es"}}
        }}))
    }

    #[test]
    fn what_a_workload_mounts_is_read_with_its_variables_and_its_hosts_are_followed() {
        let that = "config.outputs.exists(o, o.logs == ['/var/log/containers/web-0_shop_web-1.log'])";
        for (host, reason) in [
            ("elasticsearch", "holds"),
            ("elasticsearch.shop.svc.cluster.local.", "holds"),
            ("10.96.0.1", "holds"),
            ("10.96.0.9", "name-unknown"),
            ("elasticsearch.wrong-namespace", "name-unknown"),
            ("", "no-address"),
        ] {
            assert_eq!(collected(collector(CONF, host, 3600), that, false).reason, reason, "{host}");
        }
        assert_eq!(collected(collector(CONF, "elasticsearch", 9), "config.outputs.size() == 2", false).reason, "condition-false");
        assert_eq!(collected(collector("[OUTPUT]\nName es", "elasticsearch", 9), that, false).reason, "does-not-parse");
        assert_eq!(collected(collector(CONF, "elasticsearch", 9).without("ConfigMap"), that, false).reason, "file-missing");
    }

    #[test]
    fn a_pod_that_started_before_its_configuration_was_written_runs_an_older_one() {
        assert_eq!(collected(collector(CONF, "elasticsearch", 1), "true", true).reason, "started-before");
        assert_eq!(collected(collector(CONF, "elasticsearch", 100_000), "true", true).reason, "holds");
    }

    #[test]
    fn passwords_in_a_configuration_reach_neither_texts_nor_evidence() {
        let conf = format!("{CONF}  HTTP_Passwd hunter22\n");
        let outcome = collected(collector(&conf, "elasticsearch", 9), "config.outputs[0].http_passwd == 'x'", false);
        assert_eq!(outcome.reason, "condition-false");
        assert!(!format!("{outcome:?}").contains("hunter22"), "{outcome:?}");
    }

    #[test]
    fn provisioned_data_sources_have_a_name_and_a_type() {
        let sources = |yaml: &str| reason(config_map(yaml), "grafana-datasources", "config.datasources[0].url == 'http://p:9090'");
        assert_eq!(sources("datasources: [{name: p, type: prometheus, url: 'http://p:9090'}]"), "holds");
        assert_eq!(sources("datasources: [{name: p, url: 'http://p:9090'}]"), "does-not-parse");
        assert_eq!(sources("apiVersion: 1"), "does-not-parse");
    }

    #[test]
    fn formats_with_a_parser_of_their_own_are_asked_about() {
        let answer = |errors: &[&str]| Answer {
            errors: errors.iter().map(|&e| e.into()).collect(),
            receivers: vec![vec!["oncall".into()]],
            ..Answer::default()
        };
        let reason = |text: &str, format: &str, that: &str, answer: Answer| {
            let check = json!({"parse": {"from": {"kind": "ConfigMap", "name": "c"}, "key": "prom.yaml", "as": format, "that": that, "alerts": [{"severity": "critical"}]}});
            World::default().with(config_map(text)).reads(move |_| answer.clone()).evaluate(check).reason
        };
        let dashboard = r#"{"panels": [{"targets": [{"expr": "rate(x[$__rate_interval])"}]}]}"#;
        assert_eq!(reason(dashboard, "grafana-dashboard", "config.queries.size() == 1", answer(&[""])), "holds");
        assert_eq!(reason(dashboard, "grafana-dashboard", "true", answer(&["1:1: parse error"])), "does-not-parse");
        assert_eq!(reason("{}", "grafana-dashboard", "size(config.queries) > 0", answer(&[])), "condition-false");
        assert_eq!(reason("route: {receiver: oncall}", "alertmanager", "config.reached[0] == ['oncall']", answer(&[])), "holds");
        assert_eq!(reason("route: {}", "alertmanager", "true", answer(&["no route"])), "does-not-parse");
        assert_eq!(reason("scrape_configs: []", "prometheus", "size(config.scrape_configs) == 0", answer(&[])), "holds");
        assert_eq!(reason("scrape_config: []", "prometheus", "true", answer(&["field scrape_config not found"])), "does-not-parse");
        assert_eq!(reason("groups: []", "prometheus-rules", "config.groups.size() == 0", answer(&[])), "holds");
    }
}
