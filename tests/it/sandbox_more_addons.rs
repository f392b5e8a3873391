//! The add-ons whose first builds take longer than the gate may: `cargo test --test it -- --ignored more_addons`. Each does what its users
//! do.

use std::{path::Path, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use kubedrill::provider::Environment;

use super::sandbox_support::{Place, eventually, kubectl, output};

struct Try {
    place: Place,
    environment: Environment,
}

impl Try {
    async fn with(addon: &str) -> Self {
        let place = Place::new();
        let environment = place.ensure_with("default", 1, &[addon]).await.expect("it starts");
        Self { place, environment }
    }

    fn write(&self, yaml: &str) -> String {
        let path = self.place.folder("default").join("tried.yaml");
        std::fs::write(&path, yaml).expect("a file");
        path.display().to_string()
    }

    async fn apply(&self, yaml: &str) {
        output(&self.environment, &["apply", "-f", &self.write(yaml)]).await;
    }

    async fn prints(&self, args: &[&str], wanted: &str) -> bool {
        String::from_utf8_lossy(&kubectl(&self.environment, args).await.stdout).contains(wanted)
    }

    async fn end(self) {
        self.place.stop("default").await;
        assert!(self.place.processes("default").is_empty());
    }
}

const CERTIFICATE: &str = "
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: own}
spec: {selfSigned: {}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web}
spec:
  secretName: web-tls
  dnsNames: [web.default.svc]
  issuerRef: {name: own}
";

#[tokio::test]
#[ignore = "a cold build takes minutes"]
async fn more_addons_cert_manager_makes_a_secret_of_a_certificate() {
    let tried = Try::with("cert-manager").await;
    tried.apply(CERTIFICATE).await;
    let ready = ["get", "certificate", "web", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}"];
    eventually("the certificate is ready", async || tried.prints(&ready, "True").await).await;
    let kind = ["get", "secret", "web-tls", "-o", "jsonpath={.type} {.data.tls\\.crt}"];
    assert!(tried.prints(&kind, "kubernetes.io/tls LS0t").await);
    let wrong = tried.write(&CERTIFICATE.replace("dnsNames: [web.default.svc]", "duration: 1m"));
    let refused = kubectl(&tried.environment, &["apply", "-f", &wrong]).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("webhook.cert-manager.io"), "{refused:?}");
    tried.end().await;
}

const ROLLOUT: &str = "
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}]}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'nginx:1.28'}]}
";

#[tokio::test]
#[ignore = "a cold build takes minutes"]
async fn more_addons_argo_rollouts_makes_pods_and_pauses_a_canary() {
    let tried = Try::with("argo-rollouts").await;
    tried.apply(ROLLOUT).await;
    let phase = ["get", "rollout", "web", "-o", "jsonpath={.status.phase} {.status.availableReplicas}"];
    eventually("four pods are there", async || tried.prints(&phase, "Healthy 4").await).await;
    tried.apply(&ROLLOUT.replace("1.28", "1.29")).await;
    let paused = ["get", "rollout", "web", "-o", "jsonpath={.status.pauseConditions[0].reason} {.status.updatedReplicas}"];
    eventually("the canary pauses at a quarter", async || tried.prints(&paused, "CanaryPauseStep 1").await).await;
    tried.end().await;
}

const TEMPLATE: &str = "
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: needsowner}
spec:
  crd: {spec: {names: {kind: NeedsOwner}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package needsowner
      violation[{\"msg\": \"say who owns it\"}] { not input.review.object.metadata.labels.owner }
";

const CONSTRAINT: &str = "
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: NeedsOwner
metadata: {name: pods}
spec: {match: {kinds: [{apiGroups: [''], kinds: [Pod]}]}}
";

#[tokio::test]
#[ignore = "a cold build takes minutes"]
async fn more_addons_gatekeeper_refuses_a_pod_without_an_owner() {
    let tried = Try::with("gatekeeper").await;
    tried.apply(TEMPLATE).await;
    let constraint = tried.write(CONSTRAINT);
    let applied = async || kubectl(&tried.environment, &["apply", "-f", &constraint]).await.succeeded();
    eventually("the constraint's kind is served", applied).await;
    let run = ["run", "nobody", "--image=nginx", "--dry-run=server"];
    let refuses = async || String::from_utf8_lossy(&kubectl(&tried.environment, &run).await.stderr).contains("[pods] say who owns it");
    eventually("a pod is refused", refuses).await;
    output(&tried.environment, &["run", "owned", "--image=nginx", "--labels=owner=me"]).await;
    tried.end().await;
}

#[tokio::test]
#[ignore = "a cold build takes minutes"]
async fn more_addons_sealed_secrets_opens_a_secret_for_its_own_name_only() {
    let tried = Try::with("sealed-secrets").await;
    let key = ["get", "secrets", "-n", "kube-system", "-l", "sealedsecrets.bitnami.com/sealed-secrets-key", "-o"];
    let certificate = output(&tried.environment, &[&key[..], &["jsonpath={.items[0].data.tls\\.crt}"]].concat()).await;
    let certificate_file = tried.place.folder("default").join("seal.crt");
    std::fs::write(&certificate_file, STANDARD.decode(certificate).expect("it is base64")).expect("a file");
    let secret = tried.write("{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: default}, stringData: {password: open}}");
    let sealed = kubeseal(&certificate_file, &secret);
    assert!(!sealed.contains("open"), "{sealed}");
    tried.apply(&sealed).await;
    let password = ["get", "secret", "login", "-o", "jsonpath={.data.password}"];
    eventually("the secret is there", async || tried.prints(&password, "b3Blbg==").await).await;
    tried.apply(&sealed.replace("login", "other")).await;
    let status = ["get", "sealedsecret", "other", "-o", "jsonpath={.status.conditions[0].message}"];
    eventually("another name is refused", async || tried.prints(&status, "no key could decrypt secret").await).await;
    tried.end().await;
}

/// What the user's own program makes of a Secret.
fn kubeseal(certificate: &Path, secret: &str) -> String {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox/addons/sealed-secrets");
    let ran = Command::new("go")
        .args(["run", "github.com/bitnami/sealed-secrets/cmd/kubeseal", "--format=yaml", "--secret-file", secret, "--cert"])
        .arg(certificate)
        .current_dir(module)
        .envs([("CGO_ENABLED", "0"), ("GOFLAGS", "-trimpath"), ("GOWORK", "off")])
        .output()
        .expect("Go is there: it built the add-on");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("it is text")
}
