//! Questions that objects do not answer: what a command prints in a running container, what it has logged, what the server
//! would say to a change that is only tried.

use std::time::Duration;

use futures::{StreamExt, stream};
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api,
    api::{AttachParams, LogParams},
};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Cluster, LiveAnswer, LiveQuestion, calls::Bill};

/// How long a container may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// How much of an answer is read: a container must not fill our memory.
const MOST_BYTES: u64 = 256 << 10;
/// How many containers are asked at a time.
const AT_ONCE: usize = 4;

impl Cluster {
    /// Asks running containers, and the server by dry runs. Answers come in the order of the questions; what could not be asked says so itself.
    pub(super) async fn ask_live(&self, questions: Vec<LiveQuestion>) -> Vec<(LiveQuestion, LiveAnswer)> {
        stream::iter(questions)
            .map(|question| async move {
                let answer = match tokio::time::timeout(ANSWER_WITHIN, self.ask_one(&question)).await {
                    Ok(Ok(answer)) => answer,
                    Ok(Err(why)) => LiveAnswer::Unanswered(why),
                    Err(_) => LiveAnswer::Unanswered(format!("no answer within {} s", ANSWER_WITHIN.as_secs())),
                };
                (question, answer)
            })
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    async fn ask_one(&self, question: &LiveQuestion) -> Result<LiveAnswer, String> {
        if let LiveQuestion::Exec { namespace, pod, .. } | LiveQuestion::Logs { namespace, pod, .. } = question {
            if let Some(why) = self.trespass(&http::Method::POST, &format!("/api/v1/namespaces/{namespace}/pods/{pod}")) {
                return Err(why);
            }
            self.count(Bill::Live);
        }
        match question {
            LiveQuestion::Create { object } => self.try_to_create(object).await,
            LiveQuestion::Evict { namespace, pod } => self.try_to_evict(namespace, pod).await,
            LiveQuestion::Exec { namespace, pod, container, command } => {
                let pods: Api<Pod> = Api::namespaced(self.upgrading().map_err(|e| e.to_string())?, namespace);
                exec(&pods, pod, container.as_deref(), command).await
            }
            LiveQuestion::Logs { namespace, pod, container, previous } => {
                let pods: Api<Pod> = Api::namespaced(self.client().clone(), namespace);
                let params = LogParams {
                    container: container.clone(),
                    previous: *previous,
                    limit_bytes: Some(MOST_BYTES.cast_signed()),
                    ..LogParams::default()
                };
                pods.logs(pod, &params).await.map(LiveAnswer::Logs).map_err(|e| e.to_string())
            }
        }
    }
}

async fn exec(pods: &Api<Pod>, pod: &str, container: Option<&str>, command: &[String]) -> Result<LiveAnswer, String> {
    let params = AttachParams { container: container.map(ToOwned::to_owned), ..AttachParams::default() };
    let mut process = pods.exec(pod, command.iter().map(String::as_str), &params).await.map_err(|e| e.to_string())?;
    let (stdout, stderr, status) = (process.stdout(), process.stderr(), process.take_status());
    let ended = async { if let Some(status) = status { status.await } else { None } };
    let (stdout, stderr, status) = futures::join!(read(stdout), read(stderr), ended);
    // What it would print beyond the limit is not wanted any more.
    process.abort();
    let status = status.ok_or("the connection broke off before the command had ended")?;
    let causes = status.details.iter().flat_map(|details| details.causes.iter().flatten());
    let code = causes.filter(|cause| cause.reason.as_deref() == Some("ExitCode")).find_map(|cause| cause.message.as_ref()?.parse().ok());
    match (status.status.as_deref(), code) {
        (Some("Success"), _) => Ok(LiveAnswer::Exec { code: 0, stdout, stderr }),
        (_, Some(code)) => Ok(LiveAnswer::Exec { code, stdout, stderr }),
        // The runtime could not start it: no such program, or the container is gone.
        _ => Err(status.message.unwrap_or_else(|| "the command could not be started".into())),
    }
}

async fn read(from: Option<impl AsyncRead + Unpin>) -> String {
    let Some(from) = from else { return String::new() };
    let mut bytes = Vec::new();
    // What came before a break is what there is.
    let _ = from.take(MOST_BYTES).read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}
