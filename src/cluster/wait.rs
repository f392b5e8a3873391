use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{Cluster, ClusterError, Freshness, KindId, client::text, follow::Follower};

/// Which objects a wait looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Their kind.
    pub kind: &'a KindId,
    /// Their namespace; everywhere when left out.
    pub namespace: Option<&'a str>,
    /// One object by name.
    pub name: Option<&'a str>,
}

impl Cluster {
    /// Looks at the objects at every change until `done` says `Ok`, or the time is over; `done` says what is still missing.
    ///
    /// # Errors
    /// The objects cannot be read, or the time is over: then the error carries the last thing that was missing.
    pub async fn wait<T>(
        &self,
        scope: Scope<'_>,
        what: &str,
        within: Duration,
        mut done: impl FnMut(&[Arc<Value>]) -> Result<T, String> + Send,
    ) -> Result<T, ClusterError> {
        let deadline = Instant::now() + within;
        let fields = scope.name.map(|name| format!("metadata.name={name}"));
        let mut follower = Follower::new(self.clone(), scope.kind.clone(), scope.namespace.map(str::to_owned), fields);
        follower.list(Freshness::Consistent).await?;
        loop {
            let objects: Vec<Arc<Value>> = follower.objects.values().cloned().collect();
            let last = match done(&objects) {
                Ok(value) => return Ok(value),
                Err(missing) => missing,
            };
            loop {
                match timeout_at(deadline, follower.step()).await {
                    Ok(Ok(true)) => break,
                    Ok(Ok(false)) => {}
                    Ok(Err(error)) => return Err(error),
                    Err(_) => return Err(ClusterError::NotYet { what: what.to_owned(), after: within, last }),
                }
            }
        }
    }

    /// Waits until an object is gone. With a uid, a successor of the same name counts as gone.
    ///
    /// # Errors
    /// It cannot be read, or it is still there when the time is over; the error says what holds it.
    pub async fn wait_gone(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        name: &str,
        uid: Option<&str>,
        within: Duration,
    ) -> Result<(), ClusterError> {
        let what = format!("the end of {}", kind.describe(namespace, name));
        self.wait(Scope { kind, namespace, name: Some(name) }, &what, within, |objects| {
            match objects.iter().find(|o| uid.is_none_or(|uid| text(o, "/metadata/uid") == uid)) {
                None => Ok(()),
                Some(object) => Err(holds(object)),
            }
        })
        .await
    }
}

/// What keeps a deleted object: its finalizers, and in a namespace the conditions that say what is left in it.
fn holds(object: &Value) -> String {
    let finalizers: Vec<&str> =
        object.pointer("/metadata/finalizers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten();
    let remaining: Vec<&str> = conditions.filter(|c| text(c, "/status") == "True").map(|c| text(c, "/message")).collect();
    match (finalizers.is_empty(), remaining.is_empty()) {
        (true, true) => "it is still there".to_owned(),
        (false, true) => format!("its finalizers are still there: {}", finalizers.join(", ")),
        (_, false) => format!("it is still there: {}", remaining.join("; ")),
    }
}
