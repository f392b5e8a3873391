use super::table::{Table, quoted};

impl Table {
    pub(super) fn versions(&mut self) {
        let edges = [
            "1.2.3",
            "0.0.0",
            "0.1.0-alpha.1",
            "1.0.0-alpha",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0+build",
            "1.0.0+build.01",
            "1.0.0-01",
            "1.0.0-0a",
            "1.0.0--",
            "v1.0.0",
            "v1.0",
            "1.0",
            "1",
            "v1",
            "01.01.01",
            "1.01.1",
            "1.2.3.4",
            "",
            "v",
            "vv1.0.0",
            "200K",
            "Three",
            "1.2.x",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-a..b",
            "1.2.3+a_b",
            "1.0-alpha",
            "1+b",
            "001",
            "000.000.000",
            "1.2.03-a",
            "18446744073709551615.0.0",
            "18446744073709551616.0.0",
            "1.0.0-18446744073709551616",
            "9223372036854775808.1.1",
            " 1.2.3",
            "1.2.3 ",
            "1..3",
            "1.2.3-한글",
            "-1.2.3",
            "1.2.+3",
            "0.0.0-0",
            "1.2.3-A",
            "1.2.3-a-b.c--d+e-f",
        ];
        let of_one = [
            "isSemver($)",
            "isSemver($, true)",
            "isSemver($, false)",
            "semver($).major()",
            "semver($, true).minor()",
            "semver($, true).patch()",
            "semver($, true) == semver('1.0.0')",
        ];
        for one in edges {
            self.over(one, &of_one);
            for other in edges.iter().take(20) {
                self.library(format!("semver({}).compareTo(semver('{other}'))", quoted(one)));
                self.library(format!("semver({}, true).isLessThan(semver('{other}', true))", quoted(one)));
                self.library(format!("semver('{other}', true).isGreaterThan(semver({}, true))", quoted(one)));
            }
        }
    }
}
