use super::Scope;
use crate::cluster::SnapshotRequest;

/// Kinds that are read in the namespaces of the scope.
pub(super) const IN_SCOPE: [&str; 20] = [
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Job",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodMetrics.metrics.k8s.io",
    "ReplicaSet",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Service",
    "ServiceAccount",
    "SnapshotSchedule.snapscheduler.backube",
    "StatefulSet",
    "VerticalPodAutoscaler.autoscaling.k8s.io",
];

/// Kinds outside of namespaces.
pub(super) const OF_CLUSTER: [&str; 7] = [
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "ValidatingWebhookConfiguration",
];

/// Kinds of what watches over a cluster, wherever it lives.
pub(super) const ANYWHERE: [&str; 8] = [
    "Alertmanager.monitoring.coreos.com",
    "CronJob",
    "DaemonSet",
    "PodMonitor.monitoring.coreos.com",
    "Prometheus.monitoring.coreos.com",
    "PrometheusRule.monitoring.coreos.com",
    "Schedule.velero.io",
    "ServiceMonitor.monitoring.coreos.com",
];

/// What is read of the scope, with what lies outside of namespaces; and what is read anywhere.
#[must_use]
pub fn request(scope: &Scope) -> [SnapshotRequest; 2] {
    let namespaces = (!scope.named.is_empty()).then(|| scope.named.clone());
    let own = IN_SCOPE.iter().map(|kind| ((*kind).to_owned(), namespaces.clone()));
    let of_cluster = OF_CLUSTER.iter().map(|kind| ((*kind).to_owned(), None));
    let anywhere = ANYWHERE.iter().map(|kind| ((*kind).to_owned(), None));
    [
        SnapshotRequest { kinds: own.chain(of_cluster).collect(), ..SnapshotRequest::default() },
        SnapshotRequest { kinds: anywhere.collect(), ..SnapshotRequest::default() },
    ]
}
