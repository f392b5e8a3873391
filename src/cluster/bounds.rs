use http::Method;

use crate::territory::Territory;

/// What somebody else's cluster may be asked without naming a namespace: questions about rights.
const REVIEWS: &str = "/apis/authorization.k8s.io/";

/// Why a call would leave a territory; `None` when it stays inside. The last line of defence: whatever else goes wrong, no call
/// of ours reaches the namespaces of others, and none changes what belongs to all.
pub(super) fn trespass(territory: &Territory, method: &Method, path: &str) -> Option<String> {
    let holding = territory.holding()?;
    let namespace = path.split_once("/namespaces/").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    match namespace {
        Some(namespace) if namespace == holding.home || holding.namespaces.iter().any(|n| n == namespace) => None,
        Some(namespace) => Some(format!("the namespace {namespace} is not among those of this learner")),
        None if method == Method::GET || path.starts_with(REVIEWS) => None,
        None => Some("it belongs to everybody in the cluster".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::territory::Holding;

    #[test]
    fn no_call_leaves_the_learners_namespaces() {
        let territory = Territory::Namespaces(Holding { home: "a-kubedrill".into(), namespaces: vec!["a-shop".into()] });
        let stays = |method: Method, path: &str| trespass(&territory, &method, path).is_none();
        assert!(stays(Method::PATCH, "/apis/apps/v1/namespaces/a-shop/deployments/web?fieldManager=x"));
        assert!(stays(Method::GET, "/api/v1/namespaces/a-kubedrill/configmaps/x") && stays(Method::GET, "/api/v1/nodes"));
        assert!(stays(Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"));
        for path in ["/api/v1/namespaces/kube-system/pods", "/api/v1/namespaces/b-shop?x", "/api/v1/namespaces/a-shop2/pods"] {
            assert!(!stays(Method::GET, path), "{path}");
        }
        for path in ["/api/v1/nodes/n", "/apis/rbac.authorization.k8s.io/v1/clusterroles/x", "/api/v1/namespaces"] {
            assert!(!stays(Method::PATCH, path) && !stays(Method::DELETE, path), "{path}");
        }
        assert!(trespass(&Territory::WholeCluster, &Method::DELETE, "/api/v1/nodes/n").is_none());
    }
}
