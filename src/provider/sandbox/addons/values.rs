use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::provider::sandbox::{folder::Folder, ports::Ports};

const PORT: &str = "{port:";

/// What the placeholders of an add-on stand for in an environment:
///
/// | placeholder | what |
/// |---|---|
/// | `{apiserver}` | the API server's address |
/// | `{kubeconfig}` | an administrator's access |
/// | `{ca}`, `{caBundle}` | the environment's authority: its file, its certificate in base64 |
/// | `{clientCert}`, `{clientKey}` | the certificate and key of that access |
/// | `{certs}` | the program's own folder with `ca.crt`, `tls.crt` and `tls.key`, for serving on localhost |
/// | `{dir}` | the program's own folder to work in |
/// | `{proxy}` | an HTTPS proxy into the cluster's network, for `HTTPS_PROXY` |
/// | `{port}` | the program's own port |
/// | `{port:NAME}` | the port of another part, or a further one, whose name begins with a program's and a hyphen |
pub struct Values<'a> {
    folder: &'a Folder,
    ports: &'a Ports,
    program: &'a str,
}

impl<'a> Values<'a> {
    /// For an add-on's objects.
    pub fn new(folder: &'a Folder, ports: &'a Ports) -> Self {
        Self { folder, ports, program: "" }
    }

    /// For the texts of one of its programs.
    pub fn of(&self, program: &'a str) -> Self {
        Self { folder: self.folder, ports: self.ports, program }
    }

    /// Puts the values into a text.
    pub fn fill(&self, template: &str) -> String {
        let folder = self.folder;
        let shown = |path: std::path::PathBuf| path.display().to_string();
        let values = [
            ("{apiserver}", format!("https://127.0.0.1:{}", self.port("kube-apiserver"))),
            ("{kubeconfig}", shown(folder.kubeconfig("addons"))),
            ("{ca}", shown(folder.pki("ca.crt"))),
            ("{clientCert}", shown(folder.pki("addons.crt"))),
            ("{clientKey}", shown(folder.pki("addons.key"))),
            ("{certs}", shown(folder.pki(&format!("addons/{}", self.program)))),
            ("{dir}", shown(folder.file(&format!("addons/{}", self.program)))),
            ("{port}", self.port(self.program).to_string()),
        ];
        let text = values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
        let text = named_ports(template).fold(text, |text, name| text.replace(&format!("{PORT}{name}}}"), &self.port(name).to_string()));
        let text = match text.contains("{proxy}") {
            true => text.replace("{proxy}", &proxy(folder, self.ports)),
            false => text,
        };
        match text.contains("{caBundle}") {
            true => text.replace("{caBundle}", &STANDARD.encode(fs::read(folder.pki("ca.crt")).unwrap_or_default())),
            false => text,
        }
    }

    /// The port of a part.
    pub fn port(&self, name: &str) -> u16 {
        self.ports.get(name).copied().unwrap_or_default()
    }
}

/// The way into the cluster's network for a program that takes a proxy: names and addresses are then those of the cluster.
pub fn proxy(folder: &Folder, ports: &Ports) -> String {
    let secret = fs::read_to_string(folder.file("hub.secret")).unwrap_or_default();
    format!("http://kubedrill:{}@127.0.0.1:{}", secret.trim(), ports.get("hub").copied().unwrap_or_default())
}

/// The names in a text's `{port:NAME}`.
pub fn named_ports(text: &str) -> impl Iterator<Item = &str> {
    text.split(PORT).skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_and_other_braces_stay() {
        let (folder, ports) = (Folder::at("/s/a"), Ports::from([("op".to_owned(), 1), ("op-grpc".to_owned(), 2)]));
        let values = Values::new(&folder, &ports);
        assert_eq!(values.of("op").fill("--at=127.0.0.1:{port} {port:op-grpc}"), "--at=127.0.0.1:1 2");
        assert_eq!(values.of("op").fill("--certs={certs}"), "--certs=/s/a/pki/addons/op");
        assert_eq!(values.fill("ports: [{name: https, port: {port:op}}]"), "ports: [{name: https, port: 1}]");
        assert_eq!(named_ports("{port} {port:a} {port:b-c}").collect::<Vec<_>>(), ["a", "b-c"]);
    }
}
