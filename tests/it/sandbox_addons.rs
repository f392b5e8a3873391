//! Operators beside the control plane, doing their work. Needs their programs, which the first run builds.

use kubedrill::provider::{Environment, Provider};

use super::sandbox_support::{Place, eventually, kubectl, output};

fn apply_file(place: &Place, name: &str, yaml: &str) -> String {
    let path = place.folder("default").join(name);
    std::fs::write(&path, yaml).expect("a file");
    path.display().to_string()
}

async fn prints(environment: &Environment, args: &[&str], wanted: &str) -> bool {
    let captured = kubectl(environment, args).await;
    String::from_utf8_lossy(&captured.stdout).contains(wanted)
}

const OVERSIZED: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx, resources: {requests: {cpu: 500m, memory: 64Mi}}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: web}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  updatePolicy: {updateMode: Recreate}
";

#[tokio::test]
async fn the_vertical_pod_autoscaler_evicts_pods_and_gives_the_next_ones_other_requests() {
    let place = Place::new();
    let environment = place.ensure_with("default", 2, &["vpa"]).await.expect("it starts");
    let parts = place.provider.status("default").await.expect("it can be read").expect("it is there").parts;
    for program in ["vpa-recommender", "vpa-updater", "vpa-admission-controller"] {
        assert!(parts.iter().any(|part| part.name == program && part.running), "{program} does not run");
    }
    output(&environment, &["apply", "-f", &apply_file(&place, "oversized.yaml", OVERSIZED)]).await;
    let events = ["get", "events", "--field-selector=reason=EvictedByVPA", "-o", "name"];
    eventually("a pod is evicted", async || prints(&environment, &events, "event/").await).await;
    let requests = ["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].spec.containers[0].resources.requests}"];
    // What it recommends at least: the pods do nothing.
    eventually("a new pod has the recommended requests", async || prints(&environment, &requests, r#""cpu":"25m""#).await).await;
    let template =
        output(&environment, &["get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].resources}"]).await;
    assert!(template.contains("500m"), "the Deployment itself stays: {template}");
    place.stop("default").await;
    assert!(place.processes("default").is_empty());
}

const ALWAYS_OPEN: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  maxReplicaCount: 5
  triggers:
  - {type: cron, metadata: {timezone: UTC, start: 0 0 1 1 *, end: 59 23 31 12 *, desiredReplicas: '3'}}
";

#[tokio::test]
async fn keda_scales_a_deployment_over_external_metrics() {
    let place = Place::new();
    let environment = place.ensure_with("default", 1, &["keda"]).await.expect("it starts");
    let group =
        output(&environment, &["get", "apiservice", "v1beta1.external.metrics.k8s.io", "-o", "jsonpath={.spec.service.name}"]).await;
    assert_eq!(group, "keda-metrics-apiserver");
    output(&environment, &["apply", "-f", &apply_file(&place, "open.yaml", ALWAYS_OPEN)]).await;
    let replicas = ["get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"];
    eventually("three replicas are ready", async || prints(&environment, &replicas, "3").await).await;
    assert!(prints(&environment, &["get", "hpa", "keda-hpa-web", "-o", "jsonpath={.spec.metrics[0].type}"], "External").await);
    place.stop("default").await;
    assert!(place.processes("default").is_empty());
}
