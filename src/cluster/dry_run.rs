//! What the API server would say to a change: asked for, with everything that has a say in it, and not made.

use http::Request;
use serde_json::{Value, json};

use super::{Cluster, ClusterError, LiveAnswer, client::text};

impl Cluster {
    /// Whether the server would take an object.
    pub(super) async fn try_to_create(&self, object: &str) -> Result<LiveAnswer, String> {
        let mut object: Value = serde_json::from_str(object).map_err(|e| e.to_string())?;
        // An object of the same name may be there: that would be an answer to another question.
        let name = text(&object, "/metadata/name").to_owned();
        if let Some(metadata) = object.pointer_mut("/metadata").and_then(Value::as_object_mut) {
            metadata.remove("name");
            metadata.insert("generateName".into(), format!("{name}-").into());
        }
        let kind = self.kind_of(&object).await.map_err(|e| e.to_string())?;
        let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str);
        let path = format!("{}?dryRun=All&fieldManager={}", kind.path(namespace), self.field_manager());
        self.ask_for(|| format!("try whether {} is taken", kind.describe(namespace, &name)), &path, &object).await
    }

    /// Whether the server would evict a pod.
    pub(super) async fn try_to_evict(&self, namespace: &str, pod: &str) -> Result<LiveAnswer, String> {
        let eviction = json!({
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": pod, "namespace": namespace},
            "deleteOptions": {"dryRun": ["All"]},
        });
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/eviction?dryRun=All");
        self.ask_for(|| format!("try whether pod {pod} in namespace {namespace} can be evicted"), &path, &eviction).await
    }

    async fn ask_for(&self, what: impl Fn() -> String, path: &str, object: &Value) -> Result<LiveAnswer, String> {
        let request = Request::post(path).header(http::header::CONTENT_TYPE, "application/json").body(object.to_string().into_bytes());
        match self.try_out::<Value>(what, request).await {
            Ok(_) => Ok(LiveAnswer::Accepted),
            Err(error) => refusal(error),
        }
    }
}

/// Whether an error is the server's considered refusal, or no answer at all.
fn refusal(error: ClusterError) -> Result<LiveAnswer, String> {
    match error {
        // RBAC speaks of verbs and resources: then it is we who may not ask.
        ClusterError::Forbidden { message, .. } if !message.contains("cannot create resource") => Ok(LiveAnswer::Refused(message)),
        ClusterError::Rejected { message, .. } if !message.contains("does not support dry run") => Ok(LiveAnswer::Refused(message)),
        // A disruption budget's refusal.
        ClusterError::Server { code: 429, message, .. } => Ok(LiveAnswer::Refused(message)),
        // Two disruption budgets for one pod; a webhook that does not answer and must be asked.
        ClusterError::Server { message, .. } if message.contains("PodDisruptionBudget") || message.contains("failed calling webhook") => {
            Ok(LiveAnswer::Refused(message))
        }
        other => Err(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(code: u16, message: &str) -> ClusterError {
        ClusterError::Server { what: "try".into(), code, message: message.into() }
    }

    #[test]
    fn a_refusal_is_told_from_no_answer() {
        let forbidden = |message: &str| ClusterError::Forbidden { what: "try".into(), message: message.into() };
        let refused = |error| matches!(refusal(error), Ok(LiveAnswer::Refused(_)));
        assert!(refused(forbidden("pods \"probe-x\" is forbidden: violates PodSecurity \"restricted:latest\": host namespaces")));
        assert!(refused(forbidden("pods \"probe-x\" is forbidden: exceeded quota: shop")));
        assert!(refused(server(429, "Cannot evict pod as it would violate the pod's disruption budget.")));
        assert!(refused(server(500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")));
        assert!(refused(server(500, "Internal error occurred: failed calling webhook \"a.b\": connection refused")));
        assert!(!refused(forbidden("pods is forbidden: User \"ann\" cannot create resource \"pods\" in API group \"\"")));
        assert!(!refused(server(503, "the server is starting")));
        let dry = "admission webhook \"a.b\" does not support dry run".to_owned();
        assert!(!refused(ClusterError::Rejected { what: "try".into(), code: 400, message: dry }));
    }
}
