use super::KindId;

impl KindId {
    /// `v1`, `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// The URL path of its objects: in one namespace, or everywhere.
    pub(super) fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() { "/api/" } else { "/apis/" };
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{root}{}/namespaces/{namespace}/{}", self.api_version(), self.plural),
            None => format!("{root}{}/{}", self.api_version(), self.plural),
        }
    }

    /// `Deployment web in namespace shop`, for messages.
    #[must_use]
    pub fn describe(&self, namespace: Option<&str>, name: &str) -> String {
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{self} {name} in namespace {namespace}"),
            None => format!("{self} {name}"),
        }
    }

    /// `deployments in namespace shop`, for messages.
    pub(super) fn plural_in(&self, namespace: Option<&str>) -> String {
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{} in namespace {namespace}", self.plural),
            None => self.plural.clone(),
        }
    }
}

#[cfg(test)]
pub(crate) fn kind(group: &str, version: &str, kind: &str, plural: &str, namespaced: bool) -> KindId {
    KindId { group: group.into(), version: version.into(), kind: kind.into(), plural: plural.into(), namespaced }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn paths_follow_group_and_scope() {
        let pod = kind("", "v1", "Pod", "pods", true);
        let deployment = kind("apps", "v1", "Deployment", "deployments", true);
        let node = kind("", "v1", "Node", "nodes", false);
        assert_eq!(pod.path(Some("a")), "/api/v1/namespaces/a/pods");
        assert_eq!(pod.path(None), "/api/v1/pods");
        assert_eq!(deployment.path(Some("a")), "/apis/apps/v1/namespaces/a/deployments");
        assert_eq!(node.path(Some("a")), "/api/v1/nodes");
    }
}
