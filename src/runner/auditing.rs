//! Audits: reads a cluster that was named, and holds the checklists against it.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{Engine, ErrorClass, RunnerError};
use crate::{
    audit::{self, Audit, AuditInput, Facts, Scope},
    cluster::{Cluster, ClusterError, Freshness, Narrow, SnapshotSource},
    provider::existing::look_at,
    text::Text,
};

/// Where operators keep an Alertmanager's configuration.
const CONFIG_KEY: &str = "alertmanager.yaml";

impl Engine {
    /// Goes through the operations checklists on the context that was named, or on the cluster of the attempt that is open.
    ///
    /// # Errors
    /// No cluster was named, a namespace that was named is not there, or the cluster cannot be asked. What only some items need and
    /// cannot be read is no error: these items are unknown.
    pub async fn audit(&self, mut scope: Scope) -> Result<Audit, RunnerError> {
        let (name, cluster) = self.audited(&mut scope).await?;
        let facts = facts(&cluster, scope).await?;
        let calls = cluster.calls();
        let calls = calls.list + calls.get + calls.watch + calls.review + calls.live;
        let generated_by = format!("kubedrill {}", env!("CARGO_PKG_VERSION"));
        Ok(audit::audit(&facts, AuditInput { generated_by, cluster: name, calls }))
    }

    /// The cluster by its name, to read only. In an attempt in somebody else's cluster, the learner's namespaces are the scope.
    async fn audited(&self, scope: &mut Scope) -> Result<(String, Cluster), RunnerError> {
        if self.settings.existing.context.is_some() {
            return look_at(&self.settings.existing).map_err(RunnerError::cluster);
        }
        let name = self.environment().await?;
        let session = self.session(&name).await.map_err(|error| match error.class {
            ErrorClass::NotStarted => error.help(Text::new(
                "시나리오를 시작하거나, `--provider existing --context 이름`으로 클러스터를 지정하세요",
                "start a scenario, or name a cluster with `--provider existing --context NAME`",
            )),
            _ => error,
        })?;
        if let (Some(holding), true) = (session.environment.territory.holding(), scope.named.is_empty()) {
            scope.named.clone_from(&holding.namespaces);
        }
        let cluster = Cluster::connect_to_read(&session.environment.admin_kubeconfig).map_err(RunnerError::cluster)?;
        Ok((name, cluster))
    }
}

async fn facts(cluster: &Cluster, scope: Scope) -> Result<Facts, RunnerError> {
    // Nothing can be said of a cluster that does not answer at all.
    let version = cluster.version().await.map_err(RunnerError::cluster)?.to_owned();
    let [own, tools] = audit::request(&scope);
    let (mut own, mut tools) = (cluster.plane(own).consistent(), cluster.plane(tools).consistent());
    let (own, tools) = futures::join!(own.snapshot(), tools.snapshot());
    missing(&scope, own.objects("Namespace").unwrap_or_default().iter().map(AsRef::as_ref))?;
    let mut certificates = Vec::new();
    let mut uncertified = Vec::new();
    match tls_secrets(cluster, &scope).await {
        Ok(found) => certificates.extend(found),
        Err(error) => uncertified.push(("Secret (kubernetes.io/tls)".to_owned(), error.to_string())),
    }
    let metrics = if scope.is_cluster() {
        match cluster.serving_certificate().await {
            Ok(der) => certificates.push(("API server".to_owned(), der)),
            Err(error) => uncertified.push(("API server".to_owned(), error.to_string())),
        }
        cluster.metrics().await.map_err(|error| error.to_string())
    } else {
        Err("not asked for".to_owned())
    };
    let managers = tools.objects("Alertmanager.monitoring.coreos.com").unwrap_or_default().to_vec();
    let mut routes = BTreeMap::new();
    for manager in &managers {
        let (reference, route) = route(cluster, manager).await;
        routes.insert(reference, route);
    }
    Ok(Facts { scope, own, tools, version: Ok(version), metrics, certificates, uncertified, routes })
}

/// A namespace that is not there would have nothing wrong with it.
fn missing<'a>(scope: &Scope, namespaces: impl Iterator<Item = &'a Value>) -> Result<(), RunnerError> {
    let known: Vec<&str> = namespaces.filter_map(|namespace| namespace.pointer("/metadata/name")?.as_str()).collect();
    let lost = scope.named.iter().find(|name| !known.is_empty() && !known.contains(&name.as_str()));
    lost.map_or(Ok(()), |name| {
        let message = Text::new(format!("네임스페이스 `{name}`이(가) 없습니다"), format!("there is no namespace `{name}`"));
        Err(RunnerError::new(ErrorClass::Usage, message))
    })
}

/// The public half of what Secrets of TLS hold; nothing else of them is kept.
async fn tls_secrets(cluster: &Cluster, scope: &Scope) -> Result<Vec<(String, Vec<u8>)>, ClusterError> {
    let Some(kind) = cluster.kind("Secret").await? else { return Ok(Vec::new()) };
    let places: Vec<Option<&str>> =
        if scope.named.is_empty() { vec![None] } else { scope.named.iter().map(|name| Some(name.as_str())).collect() };
    let mut found = Vec::new();
    for place in places {
        let narrow = Narrow { fields: Some("type=kubernetes.io/tls"), ..Narrow::default() };
        let listed = cluster.list_narrowed(&kind, place, Freshness::Consistent, narrow).await?;
        for secret in listed.objects {
            let text = |at: &str| secret.pointer(at).and_then(Value::as_str).unwrap_or_default();
            let namespace = text("/metadata/namespace");
            let pem = BASE64_STANDARD.decode(text("/data/tls.crt")).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let first = pem.and_then(|pem| audit::certificates_of(&pem).into_iter().next()).unwrap_or_default();
            if scope.holds(namespace) {
                found.push((format!("Secret/{namespace}/{}", text("/metadata/name")), first));
            }
        }
    }
    Ok(found)
}

/// An Alertmanager's configuration, from the Secret that its operator reads.
async fn route(cluster: &Cluster, manager: &Value) -> (String, Result<String, String>) {
    let text = |at: &str| manager.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    let secret = match text("/spec/configSecret") {
        "" => format!("alertmanager-{name}"),
        secret => secret.to_owned(),
    };
    let read = async || {
        let kind = cluster.kind("Secret").await.map_err(|e| e.to_string())?.ok_or("Secrets are not served")?;
        let found = cluster.get(&kind, Some(namespace), &secret).await.map_err(|e| e.to_string())?;
        let found = found.ok_or_else(|| format!("there is no Secret {secret}"))?;
        let value = found.pointer("/data").and_then(|data| data.get(CONFIG_KEY)).and_then(Value::as_str).unwrap_or_default();
        let bytes = BASE64_STANDARD.decode(value).map_err(|e| e.to_string())?;
        String::from_utf8(bytes).map_err(|_| format!("{CONFIG_KEY} in the Secret {secret} is no text"))
    };
    (format!("Alertmanager/{namespace}/{name}"), read().await)
}
