//! Whether it is always known what runs.

use super::{Breach, pack::Rule, pod::Pod};
use crate::{cel::ImageReference, check::object};

pub(super) const RULES: [Rule; 1] = [("image-pinned", pinned)];

fn pinned(pod: &Pod) -> Vec<Breach> {
    let images = pod.containers().map(|c| (c, object::text(c.value, "/image")));
    let loose = images.filter(|(_, image)| !ImageReference::parse(image).pinned());
    loose.map(|(c, image)| Breach::found(Some(c.name()), "image", &image.into())).collect()
}
