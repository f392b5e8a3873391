use std::time::Duration;

use http::Request;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Cluster, ClusterError, calls::Bill, client::text};

/// What the asker itself may do in one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnRights(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rule {
    verbs: Vec<String>,
    api_groups: Vec<String>,
    resources: Vec<String>,
    resource_names: Vec<String>,
}

impl OwnRights {
    /// Whether all objects of this resource (`pods`, `pods/exec`) may be treated like this.
    #[must_use]
    pub fn allow(&self, verb: &str, group: &str, resource: &str) -> bool {
        let subresource = resource.split_once('/').map(|(_, subresource)| format!("*/{subresource}"));
        let fits = |list: &[String], wanted: &str| list.iter().any(|word| word == "*" || word == wanted);
        self.0.iter().any(|rule| {
            rule.resource_names.is_empty()
                && fits(&rule.verbs, verb)
                && fits(&rule.api_groups, group)
                && (fits(&rule.resources, resource) || subresource.as_deref().is_some_and(|any| rule.resources.iter().any(|r| r == any)))
        })
    }
}

/// A short-lived proof of being a service account.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What goes into a kubeconfig.
    pub secret: String,
    /// When the server stops accepting it.
    pub expires: Timestamp,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(until {})", self.expires)
    }
}

impl Cluster {
    /// What the asker may do in a namespace.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn own_rights(&self, namespace: &str) -> Result<OwnRights, ClusterError> {
        let question = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}});
        let what = || format!("ask what is allowed in namespace {namespace}");
        let mut answer: Value =
            self.send(Bill::Review, what, post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", &question)).await?;
        let rules = answer.pointer_mut("/status/resourceRules").map(Value::take).unwrap_or_default();
        let rules = Option::<Vec<Rule>>::deserialize(rules).map_err(|e| ClusterError::Answer { what: what(), why: e.to_string() })?;
        Ok(OwnRights(rules.unwrap_or_default()))
    }

    /// Whether the asker may do something: in one namespace, or to cluster-scoped objects.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn may(&self, verb: &str, group: &str, resource: &str, namespace: Option<&str>) -> Result<bool, ClusterError> {
        let mut attributes = json!({"verb": verb, "group": group, "resource": resource});
        if let Some(namespace) = namespace {
            attributes["namespace"] = namespace.into();
        }
        let question =
            json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": attributes}});
        let what = || format!("ask whether {verb} {resource} is allowed");
        let answer: Value =
            self.send(Bill::Review, what, post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &question)).await?;
        Ok(answer.pointer("/status/allowed").and_then(Value::as_bool).unwrap_or_default())
    }

    /// A token of a service account. The server may give it a shorter life than was asked for.
    ///
    /// # Errors
    /// There is no such account, the server refuses or cannot be asked.
    pub async fn token(&self, namespace: &str, account: &str, life: Duration) -> Result<Token, ClusterError> {
        let wish = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": life.as_secs()}});
        let what = || format!("make a token of the service account {account} in namespace {namespace}");
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token");
        let answer: Value = self.send(Bill::Write, what, post(&path, &wish)).await?;
        let unreadable = |why: String| ClusterError::Answer { what: what(), why };
        let expires = text(&answer, "/status/expirationTimestamp").parse().map_err(|e: jiff::Error| unreadable(e.to_string()))?;
        match text(&answer, "/status/token") {
            "" => Err(unreadable("it holds no token".into())),
            secret => Ok(Token { secret: secret.to_owned(), expires }),
        }
    }
}

fn post(path: &str, body: &Value) -> Result<Request<Vec<u8>>, http::Error> {
    Request::post(path).header(http::header::CONTENT_TYPE, "application/json").body(body.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(rules: Value) -> OwnRights {
        OwnRights(serde_json::from_value(rules).unwrap())
    }

    #[test]
    fn a_right_is_told_by_group_resource_and_verb_with_their_wildcards() {
        let rights = rights(json!([
            {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "*/log"]},
            {"verbs": ["*"], "apiGroups": ["apps"], "resources": ["*"]},
            {"verbs": ["delete"], "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["one"]}
        ]));
        assert!(
            rights.allow("get", "", "pods") && rights.allow("get", "", "pods/log") && rights.allow("patch", "apps", "deployments/scale")
        );
        assert!(!rights.allow("delete", "", "pods") && !rights.allow("get", "batch", "jobs") && !rights.allow("get", "", "pods/exec"));
        assert!(!rights.allow("delete", "", "configmaps"), "a right over one object is none over all");
    }
}
