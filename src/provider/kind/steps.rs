/// What a line of `kind create cluster` tells about its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A step began.
    Begun(String),
    /// A step is done.
    Done(String),
    /// A step failed.
    Failed(String),
}

impl Step {
    /// Reads a line; `None` when it tells of no step.
    ///
    /// kind writes ` • Starting control-plane 🕹️  ...`, then ` ✓` or ` ✗` and the same words.
    pub fn of(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let mark = words.next()?;
        let told: Vec<&str> = words.filter(|word| word.chars().any(char::is_alphanumeric)).collect();
        if told.is_empty() {
            return None;
        }
        let told = told.join(" ");
        match mark {
            "•" => Some(Self::Begun(told)),
            "✓" => Some(Self::Done(told)),
            "✗" => Some(Self::Failed(told)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_without_their_decoration() {
        for (line, step) in [
            (
                " • Ensuring node image (kindest/node:v1.36.1) 🖼  ...",
                Some(Step::Begun("Ensuring node image (kindest/node:v1.36.1)".into())),
            ),
            (" • Preparing nodes 📦 📦   ...", Some(Step::Begun("Preparing nodes".into()))),
            (" ✓ Starting control-plane 🕹️", Some(Step::Done("Starting control-plane".into()))),
            (" ✗ Joining worker nodes 🚜", Some(Step::Failed("Joining worker nodes".into()))),
            ("Creating cluster \"kubedrill-kind\" ...", None),
            ("ERROR: failed to create cluster: command failed", None),
            (" • ...", None),
            ("", None),
        ] {
            assert_eq!(Step::of(line), step, "{line}");
        }
    }
}
