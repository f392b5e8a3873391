use std::time::Duration;

use http::Request;
use serde_json::{Value, json};

use super::{Cluster, ClusterError, KindId, calls::Bill, client::text};
use crate::scenario::{PatchType, Taint, TaintEffect};

/// How often a long list is deleted from until it is empty.
const DELETE_ALL_TRIES: u32 = 4;

/// What becomes of the dependents of a deleted object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Propagation {
    /// They are deleted after it.
    #[default]
    Background,
    /// They are deleted before it: when it is gone, so are they.
    Foreground,
    /// They stay.
    Orphan,
}

impl Propagation {
    fn name(self) -> &'static str {
        match self {
            Self::Background => "Background",
            Self::Foreground => "Foreground",
            Self::Orphan => "Orphan",
        }
    }
}

/// How an object is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeleteOptions<'a> {
    /// What becomes of its dependents.
    pub propagation: Propagation,
    /// How long its processes may take to end; the object's own wish when left out.
    pub grace_seconds: Option<u32>,
    /// Only this very object, not a successor of the same name.
    pub uid: Option<&'a str>,
}

impl Cluster {
    /// Applies an object on the server side, taking over fields that others own. The object's namespace is the one it names.
    ///
    /// # Errors
    /// The server refuses it or cannot be asked.
    pub async fn apply(&self, object: &Value) -> Result<Value, ClusterError> {
        let kind = self.kind_of(object).await?;
        let (namespace, name) = (namespace_of(object), text(object, "/metadata/name"));
        let path = format!("{}/{name}?fieldManager={}&force=true", kind.path(namespace), self.field_manager());
        let request = body(Request::patch(path), "application/apply-patch+yaml", object);
        self.send(Bill::Write, || format!("apply {}", kind.describe(namespace, name)), request).await
    }

    /// Creates an object.
    ///
    /// # Errors
    /// It is already there ([`ClusterError::Conflict`]), the server refuses it or cannot be asked.
    pub async fn create(&self, object: &Value) -> Result<Value, ClusterError> {
        let kind = self.kind_of(object).await?;
        let namespace = namespace_of(object);
        let request =
            body(Request::post(format!("{}?fieldManager={}", kind.path(namespace), self.field_manager())), "application/json", object);
        self.send(Bill::Write, || format!("create {}", kind.describe(namespace, text(object, "/metadata/name"))), request).await
    }

    /// Replaces an object as a whole. With `metadata.resourceVersion` only that version of it.
    ///
    /// # Errors
    /// Somebody changed it meanwhile, the server refuses it or cannot be asked.
    pub async fn replace(&self, object: &Value) -> Result<Value, ClusterError> {
        let kind = self.kind_of(object).await?;
        let (namespace, name) = (namespace_of(object), text(object, "/metadata/name"));
        let request = body(
            Request::put(format!("{}/{name}?fieldManager={}", kind.path(namespace), self.field_manager())),
            "application/json",
            object,
        );
        self.send(Bill::Write, || format!("replace {}", kind.describe(namespace, name)), request).await
    }

    /// Patches one object.
    ///
    /// # Errors
    /// There is none, the server refuses the patch or cannot be asked.
    pub async fn patch(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        name: &str,
        patch_type: PatchType,
        patch: &Value,
    ) -> Result<Value, ClusterError> {
        self.patch_at(kind, namespace, name, "", patch_type, patch).await
    }

    async fn patch_at(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        name: &str,
        subresource: &str,
        patch_type: PatchType,
        patch: &Value,
    ) -> Result<Value, ClusterError> {
        let content_type = match patch_type {
            PatchType::Strategic => "application/strategic-merge-patch+json",
            PatchType::Merge => "application/merge-patch+json",
            PatchType::Json => "application/json-patch+json",
        };
        let path = format!("{}/{name}{subresource}?fieldManager={}", kind.path(namespace), self.field_manager());
        let request = body(Request::patch(path), content_type, patch);
        self.send(Bill::Write, || format!("patch {}", kind.describe(namespace, name)), request).await
    }

    /// Sets the replicas of a workload.
    ///
    /// # Errors
    /// There is none, it has no scale, the server refuses or cannot be asked.
    pub async fn scale(&self, kind: &KindId, namespace: Option<&str>, name: &str, replicas: u32) -> Result<(), ClusterError> {
        let patch = json!({"spec": {"replicas": replicas}});
        self.patch_at(kind, namespace, name, "/scale", PatchType::Merge, &patch).await.map(drop)
    }

    /// Restarts a workload's pods by a new annotation of its template, as `kubectl rollout restart` does.
    ///
    /// # Errors
    /// There is none, the server refuses or cannot be asked.
    pub async fn restart(&self, kind: &KindId, namespace: Option<&str>, name: &str) -> Result<(), ClusterError> {
        let now = jiff::Timestamp::now().to_string();
        let patch = json!({"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": now}}}}});
        self.patch(kind, namespace, name, PatchType::Merge, &patch).await.map(drop)
    }

    /// Puts a taint on a node, or takes it off.
    ///
    /// # Errors
    /// There is no such node, the server refuses or cannot be asked.
    pub async fn taint(&self, kind: &KindId, name: &str, taint: &Taint) -> Result<(), ClusterError> {
        loop {
            let node = self.get(kind, None, name).await?.ok_or_else(|| ClusterError::NotFound {
                what: format!("taint {}", kind.describe(None, name)),
                message: "there is no such node".into(),
            })?;
            let patch = json!({
                "metadata": {"resourceVersion": text(&node, "/metadata/resourceVersion")},
                "spec": {"taints": with_taint(&node, taint)},
            });
            match self.patch(kind, None, name, PatchType::Merge, &patch).await {
                Err(error) if error.is_conflict() => {}
                other => return other.map(drop),
            }
        }
    }

    /// Deletes an object; says whether there was one.
    ///
    /// # Errors
    /// The server refuses or cannot be asked.
    pub async fn delete(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        name: &str,
        options: DeleteOptions<'_>,
    ) -> Result<bool, ClusterError> {
        let mut wish = json!({"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": options.propagation.name()});
        if let Some(seconds) = options.grace_seconds {
            wish["gracePeriodSeconds"] = seconds.into();
        }
        if let Some(uid) = options.uid {
            wish["preconditions"] = json!({"uid": uid});
        }
        let request = body(Request::delete(format!("{}/{name}", kind.path(namespace))), "application/json", &wish);
        let answer: Result<Value, _> = self.send(Bill::Write, || format!("delete {}", kind.describe(namespace, name)), request).await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            // The precondition failed: the object meant is gone and another has its name.
            Err(error) if error.is_conflict() && options.uid.is_some() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes every object of a kind in a namespace.
    ///
    /// # Errors
    /// The server refuses or cannot be asked.
    pub async fn delete_all(&self, kind: &KindId, namespace: &str, grace_seconds: Option<u32>) -> Result<(), ClusterError> {
        let mut wish = json!({"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": Propagation::Background.name()});
        if let Some(seconds) = grace_seconds {
            wish["gracePeriodSeconds"] = seconds.into();
        }
        let mut tries = DELETE_ALL_TRIES;
        loop {
            let request = body(Request::delete(kind.path(Some(namespace))), "application/json", &wish);
            let answer: Result<Value, _> = self.send(Bill::Write, || format!("delete {}", kind.plural_in(Some(namespace))), request).await;
            tries -= 1;
            match answer {
                // Hundreds of events on a slow disk take longer than one call may; what is deleted by then stays deleted.
                Err(ClusterError::Timeout { .. }) if tries > 0 => {}
                Err(error) if !error.is_not_found() => return Err(error),
                _ => return Ok(()),
            }
        }
    }

    /// Sets who keeps a namespace, once it is deleted, from going: names in `spec.finalizers` (the namespace controller empties a
    /// deleted namespace only while `kubernetes` is there) and in `metadata.finalizers`. A namespace that is gone has none.
    ///
    /// # Errors
    /// The server refuses (a deleted namespace takes no further finalizers) or cannot be asked.
    pub async fn set_namespace_finalizers(&self, kind: &KindId, name: &str, spec: &[&str], metadata: &[&str]) -> Result<(), ClusterError> {
        loop {
            let Some(mut namespace) = self.get(kind, None, name).await? else { return Ok(()) };
            namespace["spec"]["finalizers"] = json!(spec);
            namespace["metadata"]["finalizers"] = json!(metadata);
            let request = body(Request::put(format!("{}/{name}/finalize", kind.path(None))), "application/json", &namespace);
            let answer: Result<Value, _> = self.send(Bill::Write, || format!("finalize {}", kind.describe(None, name)), request).await;
            match answer {
                Err(error) if error.is_conflict() => {}
                Err(error) if error.is_not_found() => return Ok(()),
                other => return other.map(drop),
            }
        }
    }

    /// Deletes an object and waits until it is gone.
    ///
    /// # Errors
    /// The server refuses, cannot be asked, or something holds the object longer than `within`.
    pub async fn delete_and_wait(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        name: &str,
        options: DeleteOptions<'_>,
        within: Duration,
    ) -> Result<(), ClusterError> {
        let Some(object) = self.get(kind, namespace, name).await? else { return Ok(()) };
        let uid = text(&object, "/metadata/uid");
        let options = DeleteOptions { uid: Some(uid), ..options };
        if self.delete(kind, namespace, name, options).await? {
            self.wait_gone(kind, namespace, name, Some(uid), within).await?;
        }
        Ok(())
    }
}

fn body(builder: http::request::Builder, content_type: &str, value: &Value) -> Result<Request<Vec<u8>>, http::Error> {
    builder
        .header(http::header::CONTENT_TYPE, content_type)
        .header(http::header::ACCEPT, "application/json")
        .body(value.to_string().into_bytes())
}

fn namespace_of(object: &Value) -> Option<&str> {
    object.pointer("/metadata/namespace").and_then(Value::as_str)
}

fn with_taint(node: &Value, taint: &Taint) -> Vec<Value> {
    let effect = match taint.effect {
        TaintEffect::NoSchedule => "NoSchedule",
        TaintEffect::PreferNoSchedule => "PreferNoSchedule",
        TaintEffect::NoExecute => "NoExecute",
    };
    let mut taints: Vec<Value> = node.pointer("/spec/taints").and_then(Value::as_array).cloned().unwrap_or_default();
    taints.retain(|t| text(t, "/key") != taint.key || text(t, "/effect") != effect);
    if !taint.remove {
        let mut added = json!({"key": taint.key, "effect": effect});
        if let Some(value) = &taint.value {
            added["value"] = value.as_str().into();
        }
        taints.push(added);
    }
    taints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::ObjectRef;

    #[test]
    fn a_taint_replaces_its_like_and_leaves_the_others() {
        let node = json!({"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}, {"key": "a", "effect": "NoExecute"}]}});
        let mut taint =
            Taint { on: ObjectRef::default(), key: "a".into(), value: Some("x".into()), effect: TaintEffect::NoSchedule, remove: false };
        assert_eq!(
            with_taint(&node, &taint),
            [json!({"key": "a", "effect": "NoExecute"}), json!({"key": "a", "effect": "NoSchedule", "value": "x"})]
        );
        taint.remove = true;
        assert_eq!(with_taint(&node, &taint), [json!({"key": "a", "effect": "NoExecute"})]);
    }
}
