//! The files that a workload's containers see: the contents of ConfigMaps and Secrets where they are mounted, and which object each
//! comes from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    context::{Context, Trouble},
    kinds::{Sources, content},
    object, workload,
};

/// After so long, the kubelet has put changed content into a running pod.
const SYNCED: jiff::SignedDuration = jiff::SignedDuration::from_secs(90);

/// A file of a container.
#[derive(Debug, Clone)]
pub(super) struct File<'a> {
    /// The ConfigMap or Secret that it comes from.
    pub(super) object: &'a Value,
    /// Its key there.
    pub(super) key: String,
    /// What is in it.
    pub(super) content: Vec<u8>,
    /// A change of the object never reaches a running pod.
    fixed: bool,
}

/// A container with the files mounted into it, by absolute path.
#[derive(Debug)]
pub(super) struct Mounted<'a> {
    pub(super) container: &'a Value,
    pub(super) files: BTreeMap<String, File<'a>>,
}

/// The containers of a workload's template.
pub(super) fn of<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Vec<Mounted<'a>>, Trouble> {
    let template = workload::template(workload).unwrap_or(&Value::Null);
    let sources = Sources { namespace: object::namespace(workload), context };
    let mut found = Vec::new();
    for container in object::list(template, "/spec/containers") {
        let mut files = BTreeMap::new();
        for mount in object::list(container, "/volumeMounts") {
            let volumes = object::list(template, "/spec/volumes").iter();
            let Some(volume) = volumes.into_iter().find(|v| object::text(v, "/name") == object::text(mount, "/name")) else { continue };
            for (path, file) in volume_files(volume, &sources)? {
                if let Some((path, fixed)) = placed(mount, &path) {
                    files.insert(path, File { fixed, ..file });
                }
            }
        }
        found.push(Mounted { container, files });
    }
    Ok(found)
}

/// Where a volume's file is in a container, and whether it is mounted by itself.
fn placed(mount: &Value, path: &str) -> Option<(String, bool)> {
    let at = object::text(mount, "/mountPath").trim_end_matches('/');
    match object::text(mount, "/subPath").trim_matches('/') {
        "" => Some((format!("{at}/{path}"), false)),
        only if only == path => Some((at.to_owned(), true)),
        folder => path.strip_prefix(folder)?.strip_prefix('/').map(|rest| (format!("{at}/{rest}"), true)),
    }
}

fn volume_files<'a>(volume: &Value, sources: &Sources<'_, 'a>) -> Result<Vec<(String, File<'a>)>, Trouble> {
    let mut found = Vec::new();
    let projected = object::list(volume, "/projected/sources").iter();
    for source in [volume].into_iter().chain(projected) {
        for (kind, at, name) in [("ConfigMap", "/configMap", "/name"), ("Secret", "/secret", "/secretName"), ("Secret", "/secret", "/name")]
        {
            let Some(reference) = source.pointer(at) else { continue };
            let name = object::text(reference, name);
            if let Some(object) = sources.find(kind, name)?.filter(|_| !name.is_empty()) {
                found.extend(files_of(object, object::list(reference, "/items")));
            }
        }
    }
    Ok(found)
}

fn files_of<'a>(object: &'a Value, items: &[Value]) -> Vec<(String, File<'a>)> {
    let all = || {
        let keys = |field: &str| object.get(field).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys).cloned();
        keys("data").chain(keys("binaryData")).map(|key| (key.clone(), key)).collect()
    };
    let item = |item: &Value| (object::text(item, "/key").to_owned(), object::text(item, "/path").to_owned());
    let wanted: Vec<(String, String)> = if items.is_empty() { all() } else { items.iter().map(item).collect() };
    let read = |(key, path): (String, String)| Some((path, File { content: content(object, &key)?, object, key, fixed: false }));
    wanted.into_iter().filter_map(read).collect()
}

/// The pods of a workload that run with an older content of a file: they started before it was written.
pub(super) fn stale<'a>(workload: &'a Value, file: &File, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let Some(written) = written(file.object) else { return Ok(Vec::new()) };
    let pods = workload::pods(workload, context)?;
    let is_stale = |pod: &&Value| {
        let started = object::time(pod, "/status/startTime").or_else(|| object::time(pod, "/metadata/creationTimestamp"));
        let restarted =
            object::list(pod, "/status/containerStatuses").iter().filter_map(|s| object::time(s, "/state/running/startedAt")).min();
        let synced = restarted.filter(|_| !file.fixed).is_some_and(|at| at.duration_since(written) > SYNCED);
        started.is_some_and(|started| started < written) && !synced
    };
    Ok(pods.current.into_iter().chain(pods.old).filter(is_stale).collect())
}

/// When the content of a ConfigMap or Secret was last written; labels and annotations are no content.
fn written(object: &Value) -> Option<Timestamp> {
    let writes =
        |entry: &&Value| ["f:data", "f:binaryData", "f:stringData"].iter().any(|f| entry.pointer(&format!("/fieldsV1/{f}")).is_some());
    let entries = object::list(object, "/metadata/managedFields").iter().filter(writes);
    entries.filter_map(|entry| object::time(entry, "/time")).chain(object::time(object, "/metadata/creationTimestamp")).max()
}
