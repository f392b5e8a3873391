use http::Request;
use serde_json::{Value, json};

use super::{Cluster, ClusterError, Review, ReviewAnswer, ServedKind, calls::Bill, client::text};
use crate::scenario::AccessSubject;

/// Verbs that RBAC knows and discovery does not list.
const SPECIAL_VERBS: [&str; 9] = ["*", "use", "bind", "escalate", "impersonate", "approve", "sign", "attest", "deletecollection"];

/// Begins the name of a group's member whom nobody has bound to anything by name.
const SOMEBODY_OF: &str = "kubedrill:somebody-of:";

impl Cluster {
    /// Asks the authorizer. A question that the server cannot know the answer to (an unknown resource or verb, which it
    /// would simply deny) is unanswered.
    pub async fn subject_access_review(&self, review: &Review) -> ReviewAnswer {
        match self.ask(review).await {
            Ok(answer) => answer,
            Err(error) => ReviewAnswer::Unanswered(error.to_string()),
        }
    }

    async fn ask(&self, review: &Review) -> Result<ReviewAnswer, ClusterError> {
        let (plural, subresource) = split(&review.resource);
        let Some(served) = self.resource(&plural).await? else {
            return Ok(ReviewAnswer::Unanswered(format!("the API server does not serve {plural}")));
        };
        if let Some(why) = unknown_to(&served, &review.verb, subresource) {
            return Ok(ReviewAnswer::Unanswered(why));
        }
        let mut question = question(review, &served, subresource);
        let what = || format!("ask whether {} {} is allowed", review.verb, review.resource);
        let ask = async |path: &str, question: &Value| -> Result<Value, ClusterError> {
            let request =
                Request::post(path).header(http::header::CONTENT_TYPE, "application/json").body(question.to_string().into_bytes());
            self.send(Bill::Review, what, request).await
        };
        let answer = match (ask("/apis/authorization.k8s.io/v1/subjectaccessreviews", &question).await, &review.namespace) {
            // Whoever has rights in a namespace only may still ask about that namespace.
            (Err(ClusterError::Forbidden { .. }), Some(namespace)) if served.id.namespaced => {
                question["kind"] = "LocalSubjectAccessReview".into();
                question["metadata"] = json!({"namespace": namespace});
                ask(&format!("/apis/authorization.k8s.io/v1/namespaces/{namespace}/localsubjectaccessreviews"), &question).await?
            }
            (answer, _) => answer?,
        };
        let allowed = answer.pointer("/status/allowed").and_then(Value::as_bool);
        Ok(match allowed {
            Some(allowed) => ReviewAnswer::Answered { allowed, reason: text(&answer, "/status/reason").to_owned() },
            None => ReviewAnswer::Unanswered(format!("the authorizer gave no answer: {}", text(&answer, "/status/evaluationError"))),
        })
    }
}

/// `pods/exec` and `rollouts/status.argoproj.io` into the resource with its group, and the subresource.
fn split(resource: &str) -> (String, Option<&str>) {
    let Some((plural, rest)) = resource.split_once('/') else { return (resource.to_owned(), None) };
    match rest.split_once('.') {
        Some((subresource, group)) => (format!("{plural}.{group}"), Some(subresource)),
        None => (plural.to_owned(), Some(rest)),
    }
}

fn unknown_to(served: &ServedKind, verb: &str, subresource: Option<&str>) -> Option<String> {
    let verbs = match subresource {
        None => &served.verbs,
        Some(name) => match served.subresources.iter().find(|(served, _)| served == name) {
            Some((_, verbs)) => verbs,
            None => return Some(format!("{} has no subresource {name}", served.id.plural)),
        },
    };
    let known = SPECIAL_VERBS.contains(&verb) || verbs.iter().any(|v| v == verb);
    (!known).then(|| format!("{verb} cannot be done with {}", served.id.plural))
}

fn question(review: &Review, served: &ServedKind, subresource: Option<&str>) -> Value {
    let mut attributes = json!({"group": served.id.group, "version": served.id.version, "resource": served.id.plural, "verb": review.verb});
    if let Some(subresource) = subresource {
        attributes["subresource"] = subresource.into();
    }
    if let Some(namespace) = review.namespace.as_deref().filter(|_| served.id.namespaced) {
        attributes["namespace"] = namespace.into();
    }
    if let Some(name) = &review.name {
        attributes["name"] = name.as_str().into();
    }
    let (user, groups) = identity(&review.subject);
    json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": groups, "resourceAttributes": attributes},
    })
}

/// The user and the groups that the API server itself would see.
fn identity(subject: &AccessSubject) -> (String, Vec<String>) {
    let authenticated = "system:authenticated".to_owned();
    match subject {
        AccessSubject::User(name) => (name.clone(), vec![authenticated]),
        AccessSubject::Group(group) => (format!("{SOMEBODY_OF}{group}"), vec![group.clone(), authenticated]),
        AccessSubject::ServiceAccount(account) => {
            let (namespace, name) = account.split_once('/').unwrap_or(("default", account));
            let groups = vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}"), authenticated];
            (format!("system:serviceaccount:{namespace}:{name}"), groups)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::kind_id::kind, *};

    fn pods() -> ServedKind {
        ServedKind {
            id: kind("", "v1", "Pod", "pods", true),
            verbs: vec!["get".into(), "list".into()],
            subresources: vec![("exec".into(), vec!["create".into()])],
            preferred: true,
        }
    }

    #[test]
    fn trap_fp18_a_service_account_is_asked_for_with_its_three_groups() {
        let (user, groups) = identity(&AccessSubject::ServiceAccount("shop/web".into()));
        assert_eq!(user, "system:serviceaccount:shop:web");
        assert_eq!(groups, ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"]);
    }

    #[test]
    fn a_group_is_asked_for_by_a_member_who_has_no_rights_of_their_own() {
        let (user, groups) = identity(&AccessSubject::Group("developers".into()));
        assert_eq!(user, "kubedrill:somebody-of:developers");
        assert_eq!(groups, ["developers", "system:authenticated"]);
    }

    #[test]
    fn trap_ff13_what_discovery_does_not_know_is_not_asked() {
        assert_eq!(unknown_to(&pods(), "list", None), None);
        assert_eq!(unknown_to(&pods(), "create", Some("exec")), None);
        assert_eq!(unknown_to(&pods(), "*", None), None);
        assert!(unknown_to(&pods(), "read", None).is_some());
        assert!(unknown_to(&pods(), "create", Some("shell")).is_some());
    }

    #[test]
    fn trap_ff13_a_cluster_kind_is_asked_for_without_a_namespace() {
        let nodes =
            ServedKind { id: kind("", "v1", "Node", "nodes", false), verbs: vec!["get".into()], subresources: vec![], preferred: true };
        let review = Review {
            subject: AccessSubject::User("a".into()),
            verb: "get".into(),
            resource: "nodes".into(),
            namespace: Some("shop".into()),
            name: None,
        };
        assert_eq!(question(&review, &nodes, None).pointer("/spec/resourceAttributes/namespace"), None);
        assert_eq!(question(&review, &pods(), None).pointer("/spec/resourceAttributes/namespace").unwrap(), "shop");
    }

    #[test]
    fn a_subresource_may_carry_a_group() {
        assert_eq!(split("pods/exec"), ("pods".into(), Some("exec")));
        assert_eq!(split("prometheuses.monitoring.coreos.com"), ("prometheuses.monitoring.coreos.com".into(), None));
        assert_eq!(split("deployments/scale.apps"), ("deployments.apps".into(), Some("scale")));
    }
}
