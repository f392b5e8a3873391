//! The program in a cluster of kind that drives its load, and the password that it is asked with.

use std::{fmt, fs, io};

use futures::future::BoxFuture;
use http::Request;

use super::{KindError, folder::Folder};
use crate::{
    cluster::{Cluster, ServicePort},
    load::{Carrier, LoadClient},
    provider::{
        CUSTOM_METRICS,
        files::{FileError, write_private},
    },
};

const SECRET_HEADER: &str = "Kubedrill-Secret";
const SERVICE: ServicePort = ServicePort { namespace: "kube-system", service: CUSTOM_METRICS, port: "demands" };

/// The password of the driver in a cluster, which is made up when this is the first time that it is asked for.
pub fn secret(folder: &Folder) -> Result<String, KindError> {
    let path = folder.file("demands.secret");
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = format!("{:032x}", rand::random::<u128>());
            write_private(&path, &secret)?;
            Ok(secret)
        }
        read => Ok(read.map_err(FileError::new("read", &path))?),
    }
}

/// The way to the demands of a cluster whose driver runs.
pub fn client(folder: &Folder) -> Result<LoadClient, KindError> {
    let cluster = Cluster::connect(&folder.kubeconfig("admin"))?;
    Ok(LoadClient::over(Driver { cluster, secret: secret(folder)? }))
}

struct Driver {
    cluster: Cluster,
    secret: String,
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Driver({:?})", self.cluster)
    }
}

impl Carrier for Driver {
    fn carry<'a>(&'a self, method: &'a str, path: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async move {
            let request = Request::builder().method(method).uri(path).header(SECRET_HEADER, &self.secret);
            let request = request.header(http::header::CONTENT_TYPE, "application/json").body(body).map_err(|e| e.to_string())?;
            self.cluster.ask_service(SERVICE, request).await.map_err(|e| e.to_string())
        })
    }
}
