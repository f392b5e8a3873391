use std::fmt;

/// A version of somebody else's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The first version in a text, as in `kind v0.33.0 go1.26.4 linux/amd64` or `20.10.24+dfsg1`.
    pub fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(|word| {
            let mut numbers = word.trim_start_matches('v').splitn(3, '.').map(|part| {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                part[..digits].parse::<u32>().ok()
            });
            let (major, minor) = (numbers.next()??, numbers.next()??);
            Some(Self(major, minor, numbers.next().flatten().unwrap_or_default()))
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_however_they_are_dressed() {
        for (text, version) in [
            ("kind v0.33.0 go1.26.4 linux/amd64", Some(Version(0, 33, 0))),
            ("kind v0.34.0-alpha.12+0a1b2c3d4e5f60 go1.26.4 linux/amd64", Some(Version(0, 34, 0))),
            ("20.10.24+dfsg1", Some(Version(20, 10, 24))),
            ("podman version 5.4", Some(Version(5, 4, 0))),
            ("not a version", None),
        ] {
            assert_eq!(Version::find(text), version, "{text}");
        }
        assert!(Version(0, 9, 0) < Version(0, 27, 0) && Version(20, 10, 5) > Version(20, 9, 99));
    }
}
