//! The operations checklists on a real cluster: an attempt's, and the same one named by a context. Reads only.

use std::fs;

use serde_json::Value;

use crate::support::Drill;

fn item<'a>(audit: &'a Value, id: &str) -> &'a Value {
    audit["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("{id}: {audit:#}"))
}

fn audited(drill: &Drill, code: i32, extra: &[&str]) -> Value {
    let args = [&["audit", "--output", "json"][..], extra].concat();
    serde_json::from_str(&drill.expect(code, &args).out).unwrap()
}

#[test]
fn an_audit_names_what_is_not_in_order_and_only_reads() {
    let drill = Drill::with_sandbox();
    assert_eq!(drill.run(&["audit"]).code, 5, "no cluster is taken that nobody named");
    drill.expect(0, &["start", "c20-service-no-endpoints"]);

    let audit = audited(&drill, 3, &[]);
    assert_eq!(audit["items"].as_array().unwrap().len(), 16, "{audit:#}");
    assert_eq!((&audit["formatVersion"], &audit["cluster"]), (&1.into(), &"default".into()));
    for (id, status) in [("P3", "fail"), ("Q1", "fail"), ("Q4", "not-applicable"), ("Q5", "fail"), ("T1", "not-applicable"), ("T2", "pass")]
    {
        assert_eq!(item(&audit, id)["status"], status, "{:#}", item(&audit, id));
    }
    let offender = &item(&audit, "P3")["offenders"][0];
    assert!(offender["object"].as_str().unwrap().starts_with("Deployment/shop/"), "{offender:#}");
    assert!(!offender["fix"]["ko"].as_str().unwrap().is_empty() && !offender["fix"]["en"].as_str().unwrap().is_empty());

    let text = drill.expect(3, &["audit", "--namespace", "shop"]).out;
    assert!(text.contains("P3 Security contexts") && text.contains("→ ") && text.contains("items that apply pass"), "{text}");
    assert_eq!(drill.run(&["audit", "--namespace", "nowhere"]).code, 2);

    let page = drill.home().join("audit.html");
    drill.expect(3, &["audit", "--format", "html", "--out", page.to_str().unwrap()]);
    let html = fs::read_to_string(page).unwrap();
    assert!(html.contains("<svg class=\"ring\"") && html.contains("Deployment/shop/") && html.contains("운영 점검"));

    let kubeconfig = drill.home().join("state/environments/default/admin.kubeconfig");
    let config: Value = serde_saphyr::from_str(&fs::read_to_string(&kubeconfig).unwrap()).unwrap();
    let context = config["current-context"].as_str().unwrap();
    let named = ["--provider", "existing", "--context", context, "--kubeconfig", kubeconfig.to_str().unwrap()];
    let same = audited(&drill, 3, &named);
    assert_eq!(same["cluster"], context);
    assert_eq!(item(&same, "P3"), item(&audit, "P3"), "a cluster that is named by its context gives the same answers");
    assert!(!drill.home().join("state/existing").exists(), "nothing of it is kept");
    drill.expect(0, &["stop"]);
}
