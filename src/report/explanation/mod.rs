//! Why a check was judged as it was in one run: what was seen of which objects, and what follows from it.
//!
//! A pure function of stored data. What an author does not show stays hidden: the expected value, and a check whose details come
//! after the attempt.

mod expression;
mod judgement;
mod model;
mod new;
mod rule;

pub use expression::{ExplainedExpression, ExplainedPart};
pub use model::{EXPLANATION_VERSION, ExplainedCheck, ExplainedRun, Explanation};
pub use new::ExplanationInput;
