//! The objects that a fresh cluster has beside those that Kubernetes makes itself.

use serde_json::{Value, json};

use super::{SandboxError, api::Api, desired::Desired, nodes::Node};
use crate::provider::{CUSTOM_METRICS, METRICS_SERVER};

/// Makes the storage classes and the name service.
pub async fn base(api: &Api) -> Result<(), SandboxError> {
    let class = async |name: &str, default: &str| {
        let class = json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
            "metadata": {"name": name, "annotations": {"storageclass.kubernetes.io/is-default-class": default}},
            "provisioner": "kubedrill.dev/local", "reclaimPolicy": "Delete", "volumeBindingMode": "WaitForFirstConsumer",
        });
        api.apply(&format!("/apis/storage.k8s.io/v1/storageclasses/{name}"), class.to_string().as_bytes()).await
    };
    // Names are resolved by the simulated network: the Service is there, as people expect it, without pods.
    let dns = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "kube-dns", "namespace": "kube-system", "labels": {
            "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}},
        "spec": {"clusterIP": "10.96.0.10", "selector": {"k8s-app": "kube-dns"}, "ports": [
            {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
            {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
            {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153}]},
    });
    let dns = dns.to_string();
    let service = api.apply("/api/v1/namespaces/kube-system/services/kube-dns", dns.as_bytes());
    futures::try_join!(class("standard", "true"), class("fast", "false"), service).map(drop)
}

/// Makes the API server ask metrics-server for resource metrics.
pub async fn metrics(api: &Api, desired: &Desired) -> Result<(), SandboxError> {
    serve_by(api, desired, METRICS_SERVER, "metrics.k8s.io", "v1beta1").await
}

/// Makes the API server ask one of our parts for an API group.
async fn serve_by(api: &Api, desired: &Desired, part: &str, group: &str, version: &str) -> Result<(), SandboxError> {
    let port = desired.ports.get(part).copied().unwrap_or_default();
    let service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": part, "namespace": "kube-system", "labels": {"k8s-app": part}},
        "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"name": "https", "port": port, "protocol": "TCP"}]},
    });
    api.apply(&format!("/api/v1/namespaces/kube-system/services/{part}"), service.to_string().as_bytes()).await?;
    let name = format!("{version}.{group}");
    let api_service = json!({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
        "metadata": {"name": name, "labels": {"k8s-app": part}},
        "spec": {"group": group, "version": version, "groupPriorityMinimum": 100, "versionPriority": 100,
            "insecureSkipTLSVerify": true, "service": {"name": part, "namespace": "kube-system", "port": port}},
    });
    api.apply(&format!("/apis/apiregistration.k8s.io/v1/apiservices/{name}"), api_service.to_string().as_bytes()).await
}

/// Makes the API server ask our adapter for custom metrics, and for external ones unless another adapter has them.
pub async fn custom_metrics(api: &Api, desired: &Desired) -> Result<(), SandboxError> {
    serve_by(api, desired, CUSTOM_METRICS, "custom.metrics.k8s.io", "v1beta2").await?;
    let registered = api.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io").await?;
    if registered.is_none_or(|service| service["spec"]["service"]["name"] == CUSTOM_METRICS) {
        serve_by(api, desired, CUSTOM_METRICS, "external.metrics.k8s.io", "v1beta1").await?;
    }
    Ok(())
}

/// How many of these nodes are ready. Gives a registered node the role that its kubelet may not claim itself.
pub async fn ready_nodes(api: &Api, nodes: &[Node]) -> Result<u32, SandboxError> {
    let list = api.get("/api/v1/nodes?resourceVersion=0").await?.unwrap_or_default();
    let mut ready = 0;
    for node in nodes {
        let Some(found) = items(&list).iter().find(|found| found["metadata"]["name"] == node.name.as_str()) else { continue };
        if let Some(role) = node.role.filter(|role| found["metadata"]["labels"].get(role).is_none()) {
            api.merge(&format!("/api/v1/nodes/{}", node.name), &json!({"metadata": {"labels": {role: ""}}})).await?;
        }
        let conditions = found["status"]["conditions"].as_array().map_or(&[][..], Vec::as_slice);
        ready += u32::from(conditions.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True"));
    }
    Ok(ready)
}

/// The default service account is there: from then on, pods can be made.
pub async fn accepts_pods(api: &Api) -> Result<bool, SandboxError> {
    Ok(api.get("/api/v1/namespaces/default/serviceaccounts/default").await?.is_some())
}

fn items(list: &Value) -> &[Value] {
    list["items"].as_array().map_or(&[], Vec::as_slice)
}
