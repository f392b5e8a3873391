//! Keys and certificates of an environment. Whatever is missing is made; what is there stays, so that a restarted
//! sandbox is the same cluster and a further node gets a certificate of the same authority.

use std::{fs, net::IpAddr};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};

use super::{SandboxError, folder::Folder, nodes::Node};
use crate::provider::{
    CUSTOM_METRICS,
    files::{make_private, write_private},
};

/// Makes every key and certificate that the environment lacks. Each program of an add-on has a folder of its own, with the names that
/// programs expect there, and with a folder to work in.
pub fn ensure<'a>(folder: &Folder, nodes: &[Node], programs: impl IntoIterator<Item = &'a str>) -> Result<(), SandboxError> {
    let cluster = Authority::ensure(folder, "ca", "kubernetes")?;
    let etcd = Authority::ensure(folder, "etcd/ca", "etcd-ca")?;
    let front_proxy = Authority::ensure(folder, "front-proxy-ca", "front-proxy-ca")?;
    let local = ["localhost", "127.0.0.1"];
    let server = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
        "127.0.0.1",
        "10.96.0.1",
        "172.18.0.2",
    ];
    etcd.issue(folder, "etcd/server", "etcd", None, &local)?;
    etcd.issue(folder, "etcd/client", "kube-apiserver-etcd-client", None, &[])?;
    front_proxy.issue(folder, "front-proxy-client", "front-proxy-client", None, &[])?;
    let masters = Some("system:masters");
    cluster.issue(folder, "apiserver", "kube-apiserver", None, &server)?;
    cluster.issue(folder, "apiserver-kubelet-client", "kube-apiserver-kubelet-client", masters, &[])?;
    cluster.issue(folder, "admin", "kubedrill", masters, &[])?;
    cluster.issue(folder, "learner", "learner", Some("kubedrill:learners"), &[])?;
    // All controllers work with this one credential.
    cluster.issue(folder, "kube-controller-manager", "system:kube-controller-manager", masters, &local)?;
    cluster.issue(folder, "kube-scheduler", "system:kube-scheduler", None, &local)?;
    cluster.issue(folder, "hub", "kubedrill:pod-network", masters, &[])?;
    cluster.issue(folder, "metrics-server", "kubedrill:metrics-server", masters, &local)?;
    cluster.issue(folder, CUSTOM_METRICS, "kubedrill:custom-metrics", masters, &local)?;
    cluster.issue(folder, "addons", "kubedrill:addons", masters, &[])?;
    let authority = folder.pki("ca.crt");
    let authority = fs::read(&authority).map_err(SandboxError::file("read", &authority))?;
    for program in programs {
        let certs = format!("addons/{program}");
        make_private(&folder.pki(&certs))?;
        make_private(&folder.file(&certs))?;
        write_private(&folder.pki(&format!("{certs}/ca.crt")), &authority)?;
        cluster.issue(folder, &format!("{certs}/tls"), program, None, &local)?;
    }
    for node in nodes {
        let user = format!("system:node:{}", node.name);
        let address = node.address.to_string();
        cluster.issue(folder, &node.name, &user, Some("system:nodes"), &[&node.name, &address, "localhost", "127.0.0.1"])?;
    }
    service_account_key(folder)
}

/// Service account tokens are signed with a P-256 key: `ring` makes no RSA keys, and the API server takes either.
fn service_account_key(folder: &Folder) -> Result<(), SandboxError> {
    let (private, public) = (folder.pki("sa.key"), folder.pki("sa.pub"));
    if private.exists() && public.exists() {
        return Ok(());
    }
    let key = KeyPair::generate().map_err(failed("service accounts"))?;
    write_private(&public, key.public_key_pem())?;
    Ok(write_private(&private, key.serialize_pem())?)
}

struct Authority(Issuer<'static, KeyPair>);

impl Authority {
    /// Reads the authority's key, or makes key and certificate. The certificate follows from the key and the name.
    fn ensure(folder: &Folder, file: &str, name: &str) -> Result<Self, SandboxError> {
        let (key_file, certificate_file) = (folder.pki(&format!("{file}.key")), folder.pki(&format!("{file}.crt")));
        let mut params = parameters(name, None, &[]).map_err(failed(name))?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages.clear();
        let key = if key_file.exists() && certificate_file.exists() {
            let pem = fs::read_to_string(&key_file).map_err(SandboxError::file("read", &key_file))?;
            KeyPair::from_pem(&pem).map_err(failed(name))?
        } else {
            let key = KeyPair::generate().map_err(failed(name))?;
            write_private(&certificate_file, params.self_signed(&key).map_err(failed(name))?.pem())?;
            write_private(&key_file, key.serialize_pem())?;
            key
        };
        Ok(Self(Issuer::new(params, key)))
    }

    fn issue(&self, folder: &Folder, file: &str, user: &str, group: Option<&str>, names: &[&str]) -> Result<(), SandboxError> {
        let (key_file, certificate_file) = (folder.pki(&format!("{file}.key")), folder.pki(&format!("{file}.crt")));
        if key_file.exists() && certificate_file.exists() {
            return Ok(());
        }
        let key = KeyPair::generate().map_err(failed(user))?;
        let params = parameters(user, group, names).map_err(failed(user))?;
        write_private(&certificate_file, params.signed_by(&key, &self.0).map_err(failed(user))?.pem())?;
        Ok(write_private(&key_file, key.serialize_pem())?)
    }
}

fn parameters(user: &str, group: Option<&str>, names: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    if let Some(group) = group {
        params.distinguished_name.push(DnType::OrganizationName, group);
    }
    params.distinguished_name.push(DnType::CommonName, user);
    for name in names {
        params.subject_alt_names.push(match name.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into()?),
        });
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    // Yesterday, since clocks differ; a sandbox lives for hours, a class for a term.
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let begin = today.yesterday().unwrap_or(today);
    let day = |date: jiff::civil::Date, years: i32| {
        let month = u8::try_from(date.month()).unwrap_or(1);
        // Not every year has a 29 February.
        date_time_ymd(i32::from(date.year()) + years, month, u8::try_from(date.day()).unwrap_or(1).min(28))
    };
    (params.not_before, params.not_after) = (day(begin, 0), day(begin, 2));
    Ok(params)
}

fn failed(name: &str) -> impl FnOnce(rcgen::Error) -> SandboxError {
    let name = name.to_owned();
    move |source| SandboxError::Certificate { name, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::sandbox::nodes;

    #[test]
    fn a_second_run_keeps_everything_and_adds_the_new_node() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(root.path().join("a"));
        folder.create().expect("it can be made");
        ensure(&folder, &nodes::nodes(1), []).expect("certificates");
        let read = |file: &str| fs::read_to_string(folder.pki(file)).expect("it is there");
        let before = (read("ca.crt"), read("admin.crt"), read("sa.key"));
        assert!(!folder.pki("worker-2.crt").exists());
        ensure(&folder, &nodes::nodes(2), ["some-operator"]).expect("certificates");
        assert_eq!(before, (read("ca.crt"), read("admin.crt"), read("sa.key")));
        assert!(folder.pki("worker-2.crt").exists());
        assert!(["ca.crt", "tls.crt", "tls.key"].iter().all(|file| folder.pki("addons/some-operator").join(file).exists()));
    }
}
