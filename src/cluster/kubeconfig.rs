use std::path::PathBuf;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use kube::config::{AuthInfo, Kubeconfig};
use serde_json::json;
use thiserror::Error;

use super::Token;

/// One context of a user's kubeconfig, complete in itself: what happens to the user's own files afterwards changes nothing here.
#[derive(Clone, PartialEq, Eq)]
pub struct ContextCopy {
    /// A kubeconfig with this context only, as JSON, which is YAML too. Holds credentials.
    pub text: String,
    /// The API server's address.
    pub server: String,
    /// The certificate authority that it is trusted by; empty for the system's own.
    pub authority: String,
}

/// Why a context cannot be used.
#[derive(Debug, Error)]
pub enum ContextError {
    /// There is no kubeconfig.
    #[error("there is no kubeconfig at {}; name one with `--kubeconfig`", .0.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    Missing(Vec<PathBuf>),
    /// A kubeconfig, or a file that it names, cannot be read.
    #[error("read {}: {why}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// There is no such context.
    #[error("the kubeconfig has no context `{context}`; it has {}", if .known.is_empty() { "none".to_owned() } else { .known.join(", ") })]
    Unknown {
        /// The context.
        context: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The context cannot be used here.
    #[error("the context `{context}` cannot be used: {why}")]
    Unusable {
        /// The context.
        context: String,
        /// Why.
        why: String,
    },
}

/// Copies one context out of kubeconfig files, merged as kubectl merges them, with the files that it names inside. The current
/// context plays no part. A command that fetches credentials stays a command, and a token file stays a file: both are renewed by
/// whoever made them.
///
/// # Errors
/// A file cannot be read, or there is no such context.
pub fn copy_context(files: &[PathBuf], context: &str) -> Result<ContextCopy, ContextError> {
    let there: Vec<&PathBuf> = files.iter().filter(|file| file.exists()).collect();
    if there.is_empty() {
        return Err(ContextError::Missing(files.to_vec()));
    }
    let mut whole = Kubeconfig::default();
    for path in there {
        let unreadable = |why: String| ContextError::Unreadable { path: path.clone(), why };
        let next = Kubeconfig::read_from(path).map_err(|e| unreadable(e.to_string()))?;
        whole = whole.merge(next).map_err(|e| unreadable(e.to_string()))?;
    }
    let unusable = |why: String| ContextError::Unusable { context: context.to_owned(), why };
    let known = || whole.contexts.iter().map(|c| c.name.clone()).collect();
    let named = whole.contexts.iter().find(|c| c.name == context);
    let named = named.ok_or_else(|| ContextError::Unknown { context: context.to_owned(), known: known() })?.clone();
    let inner = named.context.clone().ok_or_else(|| unusable("it is empty".into()))?;
    let mut cluster = whole.clusters.iter().find(|c| c.name == inner.cluster).cloned();
    let target = cluster.as_mut().and_then(|c| c.cluster.as_mut());
    let target = target.ok_or_else(|| unusable(format!("there is no cluster `{}`", inner.cluster)))?;
    if target.certificate_authority_data.is_none()
        && let Some(file) = target.certificate_authority.take()
    {
        target.certificate_authority_data = Some(BASE64_STANDARD.encode(read(&file)?));
    }
    let server = target.server.clone().ok_or_else(|| unusable("its cluster has no server".into()))?;
    let authority = target.certificate_authority_data.clone().unwrap_or_default();
    let name = inner.user.clone().unwrap_or_default();
    let mut user = whole.auth_infos.iter().find(|u| u.name == name).cloned();
    let auth = user.as_mut().and_then(|u| u.auth_info.as_mut()).ok_or_else(|| unusable(format!("there is no user `{name}`")))?;
    if auth.impersonate.is_some() {
        return Err(unusable("it acts in the name of another user (`as`); give kubedrill credentials of its own".into()));
    }
    inline(auth)?;
    let copy = Kubeconfig {
        clusters: cluster.into_iter().collect(),
        auth_infos: user.into_iter().collect(),
        contexts: vec![named],
        current_context: Some(context.to_owned()),
        kind: Some("Config".into()),
        api_version: Some("v1".into()),
        ..Kubeconfig::default()
    };
    let text = serde_json::to_string_pretty(&copy).map_err(|e| unusable(e.to_string()))?;
    Ok(ContextCopy { text, server, authority })
}

/// The same cluster for a service account, in one of its namespaces. Nothing of the user's credentials goes along.
#[must_use]
pub fn with_token(copy: &ContextCopy, namespace: &str, token: &Token) -> String {
    let copied: serde_json::Value = serde_json::from_str(&copy.text).unwrap_or_default();
    let cluster = copied.pointer("/clusters/0/cluster").cloned().unwrap_or_default();
    let kubeconfig = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "kubedrill",
        "clusters": [{"name": "kubedrill", "cluster": cluster}],
        "users": [{"name": "learner", "user": {"token": token.secret}}],
        "contexts": [{"name": "kubedrill", "context": {"cluster": "kubedrill", "user": "learner", "namespace": namespace}}],
    });
    format!("{kubeconfig:#}\n")
}

fn inline(auth: &mut AuthInfo) -> Result<(), ContextError> {
    if auth.client_certificate_data.is_none()
        && let Some(file) = auth.client_certificate.take()
    {
        auth.client_certificate_data = Some(BASE64_STANDARD.encode(read(&file)?));
    }
    if auth.client_key_data.is_none()
        && let Some(file) = auth.client_key.take()
    {
        auth.client_key_data = Some(BASE64_STANDARD.encode(read(&file)?).into());
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>, ContextError> {
    std::fs::read(file).map_err(|e| ContextError::Unreadable { path: file.into(), why: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_copied_with_its_files_and_without_its_neighbours() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config");
        for (name, text) in [("ca.crt", "authority"), ("me.crt", "certificate"), ("me.key", "key")] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "other",
            "clusters": [{"name": "c", "cluster": {"server": "https://one", "certificate-authority": "ca.crt"}}, {"name": "d", "cluster": {"server": "https://two"}}],
            "users": [{"name": "me", "user": {"client-certificate": "me.crt", "client-key": "me.key"}}, {"name": "you", "user": {"token": "secret"}}],
            "contexts": [{"name": "mine", "context": {"cluster": "c", "user": "me"}}, {"name": "other", "context": {"cluster": "d", "user": "you"}}]});
        std::fs::write(&file, config.to_string()).unwrap();
        let copy = copy_context(&[dir.path().join("absent"), file.clone()], "mine").unwrap();
        assert_eq!(copy.server, "https://one");
        for path in ["ca.crt", "me.crt", "me.key"] {
            std::fs::remove_file(dir.path().join(path)).unwrap();
        }
        assert!(copy.text.contains(&BASE64_STANDARD.encode("key")) && !copy.text.contains("https://two") && !copy.text.contains("secret"));
        assert!(matches!(copy_context(&[file], "nobody"), Err(ContextError::Unknown { known, .. }) if known == ["mine", "other"]));
        assert!(matches!(copy_context(&[dir.path().join("absent")], "mine"), Err(ContextError::Missing(_))));
    }
}
