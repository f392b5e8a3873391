use serde_json::{Value, json};

use super::{
    expr::{Veil, truth},
    parse_format,
};
use crate::{
    attempt::{HandedIn, Outcome},
    cel::Bindings,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        live, object, redact, shape,
    },
    scenario::{Artifact, ArtifactFormat},
    text::Text,
};

/// The most objects of a file that the API server is asked about.
const MOST_OBJECTS: usize = 20;

/// A file that the learner has handed in is valid.
pub(in crate::check) fn eval_artifact(spec: &Artifact, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let fails = |reason, ko: String, en: String| Item::fails(reason, spec.file.clone(), Text::new(ko, en));
    let text = match context.snapshot.given.files.get(&spec.file) {
        None | Some(HandedIn::Missing) => {
            let folder = &context.snapshot.given.folder;
            findings.evidence(evidence::of_given("File", &spec.file, &Value::Null));
            findings.add(fails("not-handed-in", format!("{folder}에 없습니다"), format!("it is not in {folder}")));
            return Ok(findings.conclude());
        }
        Some(HandedIn::Refused(why)) => {
            findings.add(fails("not-readable", why.ko.clone(), why.en.clone()));
            return Ok(findings.conclude());
        }
        Some(HandedIn::Unreadable(why)) => return Err(Trouble(format!("{} could not be read: {why}", spec.file))),
        Some(HandedIn::Text(text)) => text,
    };
    let content = match read(spec.format, text) {
        Ok(content) => content,
        Err(why) => {
            findings.evidence(evidence::of_given("File", &spec.file, &json!({"lines": text.lines().count()})));
            findings.add(fails("does-not-parse", format!("읽을 수 없습니다: {why}"), format!("it does not parse: {why}")));
            return Ok(findings.conclude());
        }
    };
    objects(spec, &content)
        .iter()
        .for_each(|object| findings.evidence(evidence::of_given("File", &spec.file, &redact::clean(object, object))));
    findings.add(Item::holds(spec.file.clone(), Text::new("읽을 수 있습니다", "it parses")));
    if let Some(like) = &spec.like {
        findings.add(shaped(spec, like, &content));
    }
    if let Some(that) = &spec.that {
        let mut veil = Veil::default();
        objects(spec, &content).iter().for_each(|object| veil.over(object));
        truth(&mut findings, that, &Bindings::default().with("file", &content), &spec.file, &veil)?;
    }
    if spec.accepted {
        for object in asked(spec, &content) {
            accepted(object, context, &mut findings)?;
        }
    }
    Ok(findings.conclude())
}

/// The objects of a file that the API server is asked about; none when it cannot be read.
pub(in crate::check) fn manifests_of(spec: &Artifact, context: &Context) -> Vec<Value> {
    match context.snapshot.given.files.get(&spec.file) {
        Some(HandedIn::Text(text)) if spec.accepted => {
            read(spec.format, text).map(|content| asked(spec, &content).into_iter().cloned().collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn asked<'a>(spec: &Artifact, content: &'a Value) -> Vec<&'a Value> {
    objects(spec, content).into_iter().take(MOST_OBJECTS).collect()
}

/// What a file is made of: its manifests, or itself.
fn objects<'a>(spec: &Artifact, content: &'a Value) -> Vec<&'a Value> {
    match (spec.format, content.as_array()) {
        (ArtifactFormat::Manifests, Some(list)) => list.iter().collect(),
        _ => vec![content],
    }
}

fn read(format: ArtifactFormat, text: &str) -> Result<Value, String> {
    match format {
        ArtifactFormat::Yaml => parse_format::yaml(text),
        ArtifactFormat::Json => parse_format::json(text),
        ArtifactFormat::Lines => Ok(text.lines().map(Value::from).collect()),
        ArtifactFormat::Manifests => manifests(text),
    }
}

/// Every document is an object of Kubernetes, and there is at least one.
fn manifests(text: &str) -> Result<Value, String> {
    let documents = parse_format::yaml_documents(text)?;
    let objects: Vec<Value> = documents.into_iter().filter(|document| !document.is_null()).collect();
    for (number, object) in objects.iter().enumerate() {
        let missing = ["/apiVersion", "/kind", "/metadata/name"].into_iter().find(|at| object::text(object, at).is_empty());
        if let Some(missing) = missing {
            return Err(format!("document {}: there is no {}", number + 1, missing[1..].replace('/', ".")));
        }
    }
    match objects.len() {
        0 => Err("there is no manifest in it".into()),
        count if count > MOST_OBJECTS => Err(format!("{count} manifests are more than {MOST_OBJECTS}")),
        _ => Ok(Value::Array(objects)),
    }
}

fn shaped(spec: &Artifact, like: &Value, content: &Value) -> Item {
    let objects = objects(spec, content);
    let place = match objects[..] {
        [one] => shape::mismatch(like, one).map(|(path, _)| path),
        _ if objects.iter().any(|object| shape::mismatch(like, object).is_none()) => None,
        _ => Some(String::new()),
    };
    match place.as_deref() {
        None => Item::holds(spec.file.clone(), Text::new("모양이 맞습니다", "it has the shape")),
        Some("") => {
            Item::fails("different-shape", spec.file.clone(), Text::new("이런 모양의 오브젝트가 없습니다", "no object in it has the shape"))
        }
        Some(path) => {
            let text = Text::new(format!("{path}이(가) 다르거나 없습니다"), format!("{path} is different, or missing"));
            Item::fails("different-shape", spec.file.clone(), text).value("path", path)
        }
    }
}

fn accepted(object: &Value, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let tried = live::placed(object, context.home());
    let reference = object::reference(&tried);
    let refusal = live::refusal(&live::creation(&tried), context)?;
    findings.add(match refusal {
        None => Item::holds(reference, Text::new("API 서버가 받아들입니다", "the API server takes it")),
        Some(why) => {
            let why = redact::masked(why, &redact::secrets_of(&tried));
            Item::fails(
                "refused",
                reference,
                Text::new(format!("API 서버가 거부합니다: {why}"), format!("the API server refuses it: {why}")),
            )
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{HandedIn, Verdict},
        check::fixture::World,
        cluster::LiveAnswer,
        text::Text,
    };

    const POLICY: &str = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n";

    fn judged(world: &World, more: Value) -> (Verdict, String) {
        let mut spec = json!({"file": "plan.yaml", "as": "yaml"});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let outcome = world.evaluate(json!({"artifact": spec}));
        (outcome.verdict, outcome.reason)
    }

    fn with(text: &str) -> World {
        World::default().handed_in("plan.yaml", HandedIn::Text(text.into()))
    }

    #[test]
    fn what_was_not_handed_in_is_nothing() {
        assert_eq!(judged(&World::default(), json!({})), (Verdict::Fail, "not-handed-in".into()));
        let link = HandedIn::Refused(Text::new("링크", "a link"));
        assert_eq!(judged(&World::default().handed_in("plan.yaml", link), json!({})), (Verdict::Fail, "not-readable".into()));
        let broken = HandedIn::Unreadable("permission denied".into());
        assert_eq!(judged(&World::default().handed_in("plan.yaml", broken), json!({})).0, Verdict::Error);
    }

    #[test]
    fn it_parses_and_has_the_shape_and_says_this() {
        assert_eq!(judged(&with("replicas: [1"), json!({})), (Verdict::Fail, "does-not-parse".into()));
        assert_eq!(judged(&with("min: 2\nmax: 10\n"), json!({"like": {"min": 2}})), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&with("min: 1\n"), json!({"like": {"min": 2}})), (Verdict::Fail, "different-shape".into()));
        assert_eq!(judged(&with("min: 2\nmax: 1\n"), json!({"that": "file.min <= file.max"})), (Verdict::Fail, "condition-false".into()));
        assert_eq!(judged(&with("min: 2\n"), json!({"that": "file.min <= file.max"})), (Verdict::Fail, "path-missing".into()));
        assert_eq!(judged(&with("a\nb\n"), json!({"as": "lines", "that": "size(file) == 2"})).0, Verdict::Pass);
        assert_eq!(judged(&with("{\"a\": 1}"), json!({"as": "json", "that": "file.a == 1"})).0, Verdict::Pass);
    }

    #[test]
    fn manifests_are_objects_that_the_server_takes() {
        let manifests = || json!({"as": "manifests", "like": {"kind": "NetworkPolicy"}, "accepted": true});
        let two = format!("{POLICY}---\n{}", POLICY.replace("deny", "allow"));
        assert_eq!(judged(&with(&two).tried(LiveAnswer::Accepted), manifests()), (Verdict::Pass, "holds".into()));
        let refused = LiveAnswer::Refused("spec.podSelector: Required value".into());
        assert_eq!(judged(&with(POLICY).tried(refused), manifests()), (Verdict::Fail, "refused".into()));
        assert_eq!(judged(&with(POLICY).tried(LiveAnswer::Unanswered("no".into())), manifests()).0, Verdict::Error);
        for nothing in ["", "---\n", "kind: NetworkPolicy\n", "just words"] {
            assert_eq!(judged(&with(nothing).tried(LiveAnswer::Accepted), manifests()), (Verdict::Fail, "does-not-parse".into()));
        }
    }

    #[test]
    fn secrets_in_it_never_reach_evidence() {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {user: hunter2}\n";
        let outcome = with(secret).evaluate(json!({"artifact": {"file": "plan.yaml", "as": "manifests"}}));
        assert_eq!(outcome.verdict, Verdict::Pass);
        assert!(!serde_json::to_string(&outcome).unwrap().contains("hunter2"));
    }
}
