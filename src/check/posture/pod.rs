use serde_json::Value;

use crate::check::{object, workload};

/// A pod or a template for pods, with what it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pod<'a> {
    /// The workload; the pod itself when nobody owns it.
    pub(crate) workload: &'a Value,
    /// Its template; the pod itself.
    pub(crate) template: &'a Value,
}

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Runs to its end before the others.
    Init,
    /// Started before the others and kept running.
    Sidecar,
    /// The application.
    Main,
    /// Put in by hand while the pod runs.
    Ephemeral,
}

/// A container in its pod.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Container<'a> {
    /// As it is written.
    pub(crate) value: &'a Value,
    /// What it is for.
    pub(crate) part: Part,
}

impl<'a> Pod<'a> {
    /// The pods of a workload; none where there is no template.
    pub(crate) fn of(workload: &'a Value) -> Option<Self> {
        Some(Self { workload, template: workload::template(workload)? })
    }

    /// A field of the pod's spec.
    pub(crate) fn spec(&self, pointer: &str) -> Option<&'a Value> {
        self.template.pointer(&format!("/spec{pointer}")).filter(|value| !value.is_null())
    }

    /// Every container, those that only exist in a running pod included.
    pub(crate) fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        let template = self.template;
        let of = |pointer: &str| object::list(template, pointer).iter();
        let init = of("/spec/initContainers").map(|value| {
            let sidecar = object::text(value, "/restartPolicy") == "Always";
            Container { value, part: if sidecar { Part::Sidecar } else { Part::Init } }
        });
        let main = of("/spec/containers").map(|value| Container { value, part: Part::Main });
        init.chain(main).chain(of("/spec/ephemeralContainers").map(|value| Container { value, part: Part::Ephemeral }))
    }

    /// It runs to its end: nobody sends requests to it.
    pub(crate) fn ends(&self) -> bool {
        matches!(object::kind(self.workload), "Job" | "CronJob")
            || matches!(object::text(self.template, "/spec/restartPolicy"), "Never" | "OnFailure")
    }

    pub(super) fn is_windows(&self) -> bool {
        self.spec("/os/name").is_some_and(|name| name == "windows")
    }

    /// Root in it is nobody outside: Pod Security asks less of it.
    pub(super) fn has_own_users(&self) -> bool {
        self.spec("/hostUsers").is_some_and(|value| value == false)
    }
}

impl<'a> Container<'a> {
    pub(crate) fn name(&self) -> &'a str {
        object::text(self.value, "/name")
    }

    /// A field of the container.
    pub(crate) fn field(&self, pointer: &str) -> Option<&'a Value> {
        self.value.pointer(pointer).filter(|value| !value.is_null())
    }

    /// A field of its own security context.
    pub(super) fn own(&self, field: &str) -> Option<&'a Value> {
        self.field(&format!("/securityContext{field}"))
    }
}
