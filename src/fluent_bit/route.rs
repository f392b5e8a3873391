use regex::RegexBuilder;

use super::{
    Config, Properties,
    glob::{matches, path_matches},
};

/// Compiled patterns of learners do not grow beyond this.
const LARGEST_PATTERN: usize = 1 << 20;

impl Config {
    /// Whether what is written to a log file is sent to an output.
    #[must_use]
    pub fn sends(&self, log: &str, output: &Properties) -> bool {
        self.inputs.iter().filter_map(|input| tag_of(input, log)).any(|tag| takes(output, &tag) && !self.drops(log, &tag))
    }

    /// A `grep` that leaves out the namespace or the pod whose name the file has, on the records of this tag.
    fn drops(&self, log: &str, tag: &str) -> bool {
        let greps = self.filters.iter().filter(|filter| filter.get("name") == Some("grep"));
        greps.filter(|filter| takes(filter, tag)).any(|filter| {
            let rule = |key: &str| filter.get(key).and_then(|rule| kubernetes_rule(rule, log));
            rule("exclude") == Some(true) || rule("regex") == Some(false)
        })
    }
}

/// The tag that a `tail` input gives to a file's records; `None` when it does not read the file.
fn tag_of(input: &Properties, log: &str) -> Option<String> {
    if input.get("name") != Some("tail") {
        return None;
    }
    let named = |key: &str| input.get(key).unwrap_or_default().split(',').any(|pattern| path_matches(pattern.trim(), log));
    if !named("path") || named("exclude_path") {
        return None;
    }
    let tag = input.get("tag").unwrap_or("tail.0");
    Some(tag.replacen('*', log.trim_start_matches('/').replace('/', ".").as_str(), 1))
}

/// Whether an output or a filter is meant by a tag.
fn takes(section: &Properties, tag: &str) -> bool {
    match (section.get("match"), section.get("match_regex")) {
        (_, Some(pattern)) => search(pattern, tag),
        (Some(pattern), None) => matches(pattern, tag),
        (None, None) => false,
    }
}

/// What a rule of `grep` on the names that Kubernetes gives says about a file `POD_NAMESPACE_CONTAINER-ID.log`.
fn kubernetes_rule(rule: &str, log: &str) -> Option<bool> {
    let (field, pattern) = rule.split_once([' ', '\t'])?;
    let file = log.rsplit('/').next().unwrap_or(log);
    let mut parts = file.split('_');
    let (pod, namespace) = (parts.next()?, parts.next()?);
    let value = if field.contains("namespace_name") {
        namespace
    } else if field.contains("pod_name") {
        pod
    } else {
        return None;
    };
    Some(search(pattern.trim(), value))
}

fn search(pattern: &str, text: &str) -> bool {
    let pattern = RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build();
    pattern.is_ok_and(|pattern| pattern.is_match(text))
}
