use serde_json::json;

use super::{context::Context, exit_code::Exit, kubectl::session_env, output, run::Result};

/// Prints the exports that point kubectl at this cluster.
pub async fn run(context: &Context) -> Result {
    let variables = session_env(context, "env").await?.variables;
    let text = || variables.iter().map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect();
    let map: serde_json::Map<_, _> = variables.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect();
    output::print(context, "Environment", text, &json!({"environment": map}))?;
    Ok(Exit::Done)
}

/// Quoted for a POSIX shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_for_a_shell() {
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}
