use std::{fmt, sync::Arc};

use futures::future::BoxFuture;

use super::{Demand, DemandState};

/// Why the load could not be seen or set.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Nobody answers.
    #[error("what plays the load does not answer: {0}; `kubedrill status` tells whether the environment runs")]
    Silent(String),
    /// It answered that it will not.
    #[error("what plays the load refused ({status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// It answered something else.
    #[error("the answer about the load cannot be understood: {0}")]
    Answer(String),
}

/// The way to what plays the demands of one environment.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Carries one HTTP request there, and status and body of the answer back.
    ///
    /// # Errors
    /// Where it was asked, and why nobody answers.
    fn carry<'a>(&'a self, method: &'a str, path: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>>;
}

/// Sees and sets the demands of one environment.
#[derive(Debug, Clone)]
pub struct LoadClient(Arc<dyn Carrier>);

impl LoadClient {
    /// Asks over this way.
    #[must_use]
    pub fn over(carrier: impl Carrier + 'static) -> Self {
        Self(Arc::new(carrier))
    }

    /// Every demand as it is now.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn demands(&self) -> Result<Vec<DemandState>, LoadError> {
        let body = self.request("GET", "/demands", Vec::new()).await?;
        serde_json::from_slice(&body).map_err(|error| LoadError::Answer(error.to_string()))
    }

    /// Sets a demand, from now on unless it says when it began.
    ///
    /// # Errors
    /// Nobody answers, or what was asked for cannot be meant.
    pub async fn set(&self, demand: &Demand) -> Result<(), LoadError> {
        let body = serde_json::to_vec(demand).map_err(|error| LoadError::Answer(error.to_string()))?;
        self.request("PUT", &path(&demand.namespace, &demand.name), body).await.map(drop)
    }

    /// Ends a demand. Idempotent.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn remove(&self, namespace: &str, name: &str) -> Result<(), LoadError> {
        self.request("DELETE", &path(namespace, name), Vec::new()).await.map(drop)
    }

    /// Ends every demand.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn clear(&self) -> Result<(), LoadError> {
        self.request("DELETE", "/demands", Vec::new()).await.map(drop)
    }

    async fn request(&self, method: &str, path: &str, body: Vec<u8>) -> Result<Vec<u8>, LoadError> {
        match self.0.carry(method, path, body).await.map_err(LoadError::Silent)? {
            (200..300, answer) => Ok(answer),
            (status, answer) => Err(LoadError::Refused { status, message: String::from_utf8_lossy(&answer).trim().to_owned() }),
        }
    }
}

fn path(namespace: &str, name: &str) -> String {
    format!("/demands/{namespace}/{name}")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::load::Point;

    /// Notes what it carries, and answers always the same.
    #[derive(Debug, Clone, Default)]
    struct Notes {
        carried: Arc<Mutex<Vec<String>>>,
        answer: Option<(u16, &'static str)>,
    }

    impl Carrier for Notes {
        fn carry<'a>(&'a self, method: &'a str, path: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
            self.carried.lock().expect("a list").push(format!("{method} {path} {}", String::from_utf8_lossy(&body)));
            let answer = self.answer.map(|(status, body)| (status, body.into())).ok_or_else(|| "nobody is there".to_owned());
            Box::pin(async move { answer })
        }
    }

    #[tokio::test]
    async fn a_demand_goes_to_its_own_path_over_whatever_way() {
        let way = Notes { answer: Some((204, "")), ..Notes::default() };
        let client = LoadClient::over(way.clone());
        let course = vec![Point { after_millis: 0, milli: 850, ramp: false }];
        let demand = Demand {
            namespace: "shop".into(),
            name: "web".into(),
            service: "web".into(),
            selector: String::new(),
            cap: 190,
            memory: 0,
            profile: String::new(),
            since: None,
            course,
        };
        client.set(&demand).await.expect("it is taken");
        client.remove("shop", "web").await.expect("it is ended");
        client.clear().await.expect("all are ended");
        let carried = way.carried.lock().expect("a list").clone();
        assert!(carried[0].starts_with("PUT /demands/shop/web {") && carried[0].contains("\"milli\":850"), "{carried:?}");
        assert_eq!(carried[1..], ["DELETE /demands/shop/web ", "DELETE /demands "]);
    }

    #[tokio::test]
    async fn silence_and_refusal_are_told_apart() {
        let silent = LoadClient::over(Notes::default()).demands().await.expect_err("nobody answers");
        assert!(silent.to_string().contains("nobody is there") && silent.to_string().contains("kubedrill status"), "{silent}");
        let refused = LoadClient::over(Notes { answer: Some((400, "no course\n")), ..Notes::default() }).clear().await;
        assert_eq!(refused.expect_err("it is refused").to_string(), "what plays the load refused (400): no course");
        let odd = LoadClient::over(Notes { answer: Some((200, "<html>")), ..Notes::default() }).demands().await;
        assert!(matches!(odd, Err(LoadError::Answer(_))));
    }
}
