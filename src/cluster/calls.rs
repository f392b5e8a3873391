use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::attempt::ApiCalls;

/// What a call is billed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bill {
    List,
    Watch,
    Get,
    Review,
    /// A question to a running container.
    Live,
    /// A change; changes are no part of what a check costs.
    Write,
}

/// Counts calls to the API server.
#[derive(Debug, Default)]
pub(super) struct CallCounter {
    list: AtomicU32,
    watch: AtomicU32,
    get: AtomicU32,
    review: AtomicU32,
    live: AtomicU32,
}

impl CallCounter {
    pub(super) fn count(&self, bill: Bill) {
        match bill {
            Bill::List => &self.list,
            Bill::Watch => &self.watch,
            Bill::Get => &self.get,
            Bill::Review => &self.review,
            Bill::Live => &self.live,
            Bill::Write => return,
        }
        .fetch_add(1, Relaxed);
    }

    pub(super) fn so_far(&self) -> ApiCalls {
        ApiCalls {
            list: self.list.load(Relaxed),
            watch: self.watch.load(Relaxed),
            get: self.get.load(Relaxed),
            review: self.review.load(Relaxed),
            live: self.live.load(Relaxed),
        }
    }
}

/// What was spent between two readings.
pub(super) fn spent(before: ApiCalls, after: ApiCalls) -> ApiCalls {
    ApiCalls {
        list: after.list - before.list,
        watch: after.watch - before.watch,
        get: after.get - before.get,
        review: after.review - before.review,
        live: after.live - before.live,
    }
}
