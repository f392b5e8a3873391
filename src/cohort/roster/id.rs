/// The most bytes of an id: with a scenario's id behind it, it must still be the name of a file.
const LONGEST: usize = 120;

/// Whether a learner may be called so: the id is the name of a folder, and part of those of archives.
#[must_use]
pub fn is_learner_id(id: &str) -> bool {
    let good = |c: char| c.is_alphanumeric() || "-_.@+".contains(c);
    id.len() <= LONGEST && id.starts_with(char::is_alphanumeric) && !id.ends_with('.') && id.chars().all(good)
}

#[cfg(test)]
mod tests {
    use super::is_learner_id;

    #[test]
    fn an_id_is_always_the_name_of_one_folder() {
        for good in ["20260101", "minji.kim", "minji@school.example", "김민지", "team-3_a", "a+b"] {
            assert!(is_learner_id(good), "{good}");
        }
        let long = "a".repeat(121);
        for bad in ["", ".", "..", "../a", "a/b", "a\\b", ".hidden", "-rf", "a b", "a\nb", "a:b", "a.", "=1+1", &long] {
            assert!(!is_learner_id(bad), "{bad}");
        }
    }
}
