use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What users ask of the pods behind a Service, or of those that a selector picks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Demand {
    /// The pods' namespace.
    pub namespace: String,
    /// Its name; one of a name exists in a namespace.
    pub name: String,
    /// The pods are the ready endpoints of this Service.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// The pods are the ready ones with these labels.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selector: String,
    /// The most milliCPU that one pod can use; 0 is no bound.
    #[serde(default)]
    pub cap: i64,
    /// Bytes of memory per milliCPU served.
    #[serde(default)]
    pub memory: i64,
    /// What its course is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub profile: String,
    /// When the course begins; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// How it goes over time.
    pub course: Vec<Point>,
}

/// Where a demand stands after a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// After the begin of the course.
    pub after_millis: u64,
    /// MilliCPU in all.
    pub milli: i64,
    /// In a straight line from the point before, rather than at once.
    #[serde(default)]
    pub ramp: bool,
}

/// A demand as it is now, with the pods that serve it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemandState {
    /// The demand.
    #[serde(flatten)]
    pub demand: Demand,
    /// MilliCPU that are asked for now, in all.
    pub milli: i64,
    /// The pods that serve it.
    pub pods: Vec<ServingPod>,
}

impl DemandState {
    /// The one of these that a demand is, or was set as.
    #[must_use]
    pub fn of<'a>(states: &'a [Self], demand: &Demand) -> Option<&'a Self> {
        states.iter().find(|state| state.demand.namespace == demand.namespace && state.demand.name == demand.name)
    }

    /// Some pod is asked for more than it can serve, or nobody serves at all.
    #[must_use]
    pub fn saturated(&self) -> bool {
        self.milli > 0 && (self.pods.is_empty() || self.pods.iter().any(ServingPod::saturated))
    }
}

/// A pod and its share of a demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServingPod {
    /// The pod.
    pub name: String,
    /// MilliCPU that the requests would take.
    pub asked: i64,
    /// MilliCPU that it uses.
    pub milli: i64,
    /// How long an answer takes.
    pub latency_millis: i64,
    /// The part of the requests that is answered with 503.
    #[serde(default)]
    pub failing: f64,
}

impl ServingPod {
    /// More is asked of it than it can serve.
    #[must_use]
    pub fn saturated(&self) -> bool {
        self.failing > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::DemandState;

    #[test]
    fn what_the_hub_tells_is_understood() {
        let told = r#"{"namespace":"shop","name":"storefront","service":"storefront","cap":190,"since":"2026-01-01T20:00:00.5Z","course":[{"afterMillis":0,"milli":850}],
            "milli":850,"pods":[{"name":"a","uid":"1","labels":{"app":"storefront"},"container":"web","asked":425,"milli":190,"latencyMillis":4000,"failing":0.55}]}"#;
        let state: DemandState = serde_json::from_str(told).unwrap();
        assert!(state.saturated() && state.pods[0].saturated());
        assert_eq!((state.demand.cap, state.demand.course[0].milli, state.pods[0].milli), (190, 850, 190));
        assert!(!DemandState { milli: 0, ..state.clone() }.saturated(), "nobody asks for anything");
        assert!(DemandState { pods: Vec::new(), ..state }.saturated(), "nobody serves");
    }
}
