use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::BoxFuture;
use tokio::sync::OnceCell;

use super::{Answer, Question};
use crate::process::Invocation;

/// For all questions of one look.
const PATIENCE: Duration = Duration::from_secs(60);
/// Answers that are kept: the same content is looked at again and again.
const MOST_KEPT: usize = 200;

/// Who makes the program when it is first needed.
type Build = dyn Fn() -> BoxFuture<'static, Result<PathBuf, String>> + Send + Sync;

/// Asks the reader. Cheap to clone; the same question is asked once.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    build: Box<Build>,
    program: OnceCell<PathBuf>,
    answers: Mutex<BTreeMap<Question, Answer>>,
}

impl Reader {
    /// A reader whose program this function makes.
    pub fn new(build: impl Fn() -> BoxFuture<'static, Result<PathBuf, String>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { build: Box::new(build), program: OnceCell::new(), answers: Mutex::default() }))
    }

    /// The answers to questions, in their order, or why there are none.
    pub async fn ask(&self, questions: Vec<Question>) -> Vec<(Question, Result<Answer, String>)> {
        let mut known = self.known(&questions);
        let open: Vec<Question> = questions.iter().filter(|question| !known.contains_key(question)).cloned().collect();
        let mut why = "the reader gave no answer".to_owned();
        if !open.is_empty() {
            match self.run(&open).await {
                Ok(answers) => {
                    let new: BTreeMap<_, _> = open.into_iter().zip(answers).collect();
                    self.keep(&new);
                    known.extend(new);
                }
                Err(failure) => why = failure,
            }
        }
        let answer = |question: &Question| known.get(question).cloned().ok_or_else(|| why.clone());
        questions.into_iter().map(|question| (question.clone(), answer(&question))).collect()
    }

    fn keep(&self, new: &BTreeMap<Question, Answer>) {
        let mut kept = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + new.len() > MOST_KEPT {
            kept.clear();
        }
        kept.extend(new.clone());
    }

    /// Those of the questions that were answered before.
    fn known(&self, questions: &[Question]) -> BTreeMap<Question, Answer> {
        let kept = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        questions.iter().filter_map(|question| Some((question.clone(), kept.get(question)?.clone()))).collect()
    }

    async fn run(&self, questions: &[Question]) -> Result<Vec<Answer>, String> {
        let program = self.0.program.get_or_try_init(|| (self.0.build)()).await?;
        let input = serde_json::to_vec(questions).map_err(|e| e.to_string())?;
        let invocation = Invocation { input, ..Invocation::new(program, [] as [&str; 0]) };
        let captured = invocation.run(PATIENCE).await.map_err(|e| format!("{}: {e}", program.display()))?;
        if !captured.succeeded() {
            let why = String::from_utf8_lossy(&captured.stderr).lines().next().unwrap_or("it gave no reason").to_owned();
            return Err(format!("the reader failed: {why}"));
        }
        let answers: Vec<Answer> = serde_json::from_slice(&captured.stdout).map_err(|e| format!("the reader's answer: {e}"))?;
        if answers.len() == questions.len() { Ok(answers) } else { Err("the reader did not answer every question".into()) }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}
