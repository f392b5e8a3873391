//! The add-ons whose first builds take longer than the gate may: `cargo test --test it -- --ignored more_addons`. Each does what its users
//! do.

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
