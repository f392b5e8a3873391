//! Claims and the volumes that were there before them, as far as putting a state back depends on them: a binding cannot be
//! changed, so a claim that is bound otherwise goes and comes again. Knows nothing of what else differs.

use futures::future::try_join_all;
use serde_json::Value;

use super::{
    marker::core,
    normalise::normalise,
    object::{list, name, namespace, reference, text},
    restore,
    world::World,
};
use crate::cluster::{Cluster, ClusterError, Freshness};

/// The live claims that are bound otherwise than they should be, or to a volume that is about to be put back.
pub(super) fn bound_otherwise<'a>(world: &'a World, others: &[&Value]) -> Vec<&'a Value> {
    let volumes: Vec<&str> = others.iter().filter(|o| text(o, "/kind") == "PersistentVolume").map(|o| name(o)).collect();
    let differs = |claim: &Value| {
        let normal = normalise(claim);
        others
            .iter()
            .filter(|wanted| reference(wanted) == reference(claim))
            .any(|wanted| ["/spec/volumeName", "/spec/storageClassName"].iter().any(|place| text(wanted, place) != text(&normal, place)))
    };
    world
        .objects
        .iter()
        .map(AsRef::as_ref)
        .filter(|object| text(object, "/kind") == "PersistentVolumeClaim")
        .filter(|claim| volumes.contains(&text(claim, "/spec/volumeName")) || differs(claim))
        .collect()
}

/// What is wanted of these claims themselves, and of the volumes that they let go of.
pub(super) fn with_volumes<'a>(claims: &[&Value], wanted: &'a [Value]) -> Vec<&'a Value> {
    let is_volume_of =
        |object: &Value, claim: &Value| text(object, "/kind") == "PersistentVolume" && name(object) == text(claim, "/spec/volumeName");
    wanted.iter().filter(|object| claims.iter().any(|claim| reference(object) == reference(claim) || is_volume_of(object, claim))).collect()
}

/// Ends the pods that use a claim, at once: it does not end before them.
pub(super) async fn end_pods_using(cluster: &Cluster, claim: &Value) -> Result<(), ClusterError> {
    let pods = cluster.list(&core("Pod", "pods", true), namespace(claim), Freshness::Consistent).await?;
    let users = pods.objects.iter().filter(|pod| uses(pod, name(claim)));
    // Boxed, since a pod is deleted as every other object is.
    try_join_all(users.map(|pod| Box::pin(restore::delete(cluster, pod)))).await.map(drop)
}

fn uses(pod: &Value, claim: &str) -> bool {
    list(pod, "/spec/volumes").iter().any(|volume| text(volume, "/persistentVolumeClaim/claimName") == claim)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn claim(name: &str, class: Option<&str>, volume: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "shop", "uid": "u"},
            "spec": {"storageClassName": class, "volumeName": volume}})
    }

    fn volume(name: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}})
    }

    fn names(objects: &[&Value]) -> Vec<String> {
        objects.iter().map(|object| reference(object)).collect()
    }

    #[test]
    fn a_claim_on_another_volume_or_of_another_class_goes_and_so_does_one_whose_volume_is_put_back() {
        let live = [
            claim("moved", None, "disk-b"),
            claim("classed", Some("fast"), ""),
            claim("on-disk-c", None, "disk-c"),
            claim("right", None, "disk-d"),
        ];
        let world = World { objects: live.into_iter().map(Arc::new).collect() };
        let wanted = [claim("moved", None, "disk-a"), claim("classed", None, ""), claim("right", None, "disk-d"), volume("disk-c")];
        let gone = bound_otherwise(&world, &wanted.iter().collect::<Vec<_>>());
        let claims = ["moved", "classed", "on-disk-c"].map(|name| format!("PersistentVolumeClaim/shop/{name}"));
        assert_eq!(names(&gone), claims);
    }

    #[test]
    fn a_claim_comes_again_and_the_volume_that_it_had_is_free_again() {
        let wanted = [claim("moved", None, "disk-a"), volume("disk-a"), volume("disk-b"), volume("disk-c")];
        let live = claim("moved", None, "disk-b");
        assert_eq!(names(&with_volumes(&[&live], &wanted)), ["PersistentVolumeClaim/shop/moved", "PersistentVolume/disk-b"]);
    }
}
