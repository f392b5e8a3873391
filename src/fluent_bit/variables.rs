use std::collections::BTreeMap;

use super::Config;

/// A value does not grow beyond this.
const LONGEST: usize = 64 << 10;

/// Puts in what variables stand for: those that the configuration sets, then those of the environment; others are empty.
pub(super) fn resolve(config: &mut Config, environment: &BTreeMap<String, String>) {
    let env = config.env.clone();
    let value = |name: &str| env.get(name).or_else(|| environment.get(name).map(String::as_str)).unwrap_or_default().to_owned();
    for section in config.sections_mut() {
        for text in section.values_mut() {
            if text.contains("${") {
                *text = expanded(text, &value);
            }
        }
    }
}

fn expanded(text: &str, value: &impl Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&value(name));
        if out.len() > LONGEST {
            return out;
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
