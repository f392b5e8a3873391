//! Whether it is always known what runs.

use super::{
    Breach,
    pack::Rule,
    pod::{Container, Pod},
};
use crate::{cel::ImageReference, check::object};

pub(super) const RULES: [Rule; 1] = [("image-pinned", pinned)];

fn pinned(pod: &Pod) -> Vec<Breach> {
    let loose = references(pod).filter(|(_, image)| !ImageReference::parse(image).pinned());
    loose.map(|(c, image)| Breach::found(Some(c.name()), "image", &image.into())).collect()
}

/// The containers with their images.
pub(crate) fn references<'a>(pod: &Pod<'a>) -> impl Iterator<Item = (Container<'a>, &'a str)> + use<'a> {
    pod.containers().map(|c| (c, object::text(c.value, "/image")))
}

/// An image whose home is closed, or gets no updates any more.
pub(crate) fn is_retired(image: &str) -> bool {
    let repository = ImageReference::parse(image).repository;
    ["k8s.gcr.io/", "docker.io/bitnami/", "docker.io/bitnamilegacy/"].iter().any(|home| repository.starts_with(home))
}
