/// The parts of an image reference, with the defaults that a runtime would fill in for the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    /// Host and path, for example `docker.io/library/nginx`.
    pub repository: String,
    /// The tag, where one is written.
    pub tag: Option<String>,
    /// The digest, where one is written.
    pub digest: Option<String>,
}

impl ImageReference {
    /// Takes a reference apart: `nginx:1.27` is the repository `docker.io/library/nginx` with the tag `1.27`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (text, None),
        };
        // A colon before the last slash belongs to a host with a port.
        let (path, tag) = match name.rfind(':') {
            Some(at) if !name[at..].contains('/') => (&name[..at], Some(name[at + 1..].to_owned())),
            _ => (name, None),
        };
        let repository = match path.split_once('/') {
            Some((host, rest)) if host == "docker.io" && !rest.contains('/') => format!("docker.io/library/{rest}"),
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => path.to_owned(),
            Some(_) => format!("docker.io/{path}"),
            None => format!("docker.io/library/{path}"),
        };
        Self { repository, tag, digest }
    }

    /// Always the same image: a digest, or a tag other than `latest`.
    #[must_use]
    pub fn pinned(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| !tag.is_empty() && tag != "latest")
    }
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    #[test]
    fn parts_are_told_apart() {
        for (text, repository, tag, pinned) in [
            ("nginx", "docker.io/library/nginx", None, false),
            ("nginx:1.27", "docker.io/library/nginx", Some("1.27"), true),
            ("docker.io/nginx:latest", "docker.io/library/nginx", Some("latest"), false),
            ("grafana/grafana:12.0", "docker.io/grafana/grafana", Some("12.0"), true),
            ("registry.shop.example:5000/web", "registry.shop.example:5000/web", None, false),
            ("localhost/web:v1", "localhost/web", Some("v1"), true),
            ("registry.shop.example/web@sha256:0a", "registry.shop.example/web", None, true),
        ] {
            let image = ImageReference::parse(text);
            assert_eq!((image.repository.as_str(), image.tag.as_deref(), image.pinned()), (repository, tag, pinned), "{text}");
        }
    }
}
