use super::table::{Table, quoted};

impl Table {
    pub(super) fn formats(&mut self) {
        let long = |length: usize| "a".repeat(length);
        let mut texts: Vec<String> = [
            "",
            "a",
            "-",
            "a-",
            "-a",
            "a-b",
            "A",
            "1a",
            "a1",
            "a.b",
            "a..b",
            "a_b",
            "my-name-",
            "my.name-",
            "x--",
            "한글",
            "example.com/name",
            "/name",
            "a/",
            "a/b/c",
            "Ex.com/n",
            "https://example.com",
            "/path",
            "no",
            "123e4567-e89b-12d3-a456-426614174000",
            "123e4567e89b12d3a456426614174000",
            "123E4567-E89B-12D3-A456-42661417400G",
            "aGVsbG8=",
            "aGVsbG8",
            "YQ==",
            "YR==",
            "====",
            "a b=",
            "2021-01-01",
            "2021-02-29",
            "2024-02-29",
            "2021-13-01",
            "2021-00-10",
            "21-1-1",
            "2021-1-01",
            "0000-01-01",
            "2021-01-01T00:00:00Z",
            "2021-01-01t23:59:59.123z",
            "2021-01-01T24:00:00Z",
            "2021-01-01T00:00:60Z",
            "2021-01-01T00:00:00+09:00",
            "2021-01-01T00:00:00",
            "2021-01-01 00:00:00Z",
            "2021-01-01T00:00:00Ztrailing",
            "2021-01-01T00:00:00x5Z",
            "2021-01-01T00:00:00+99:99",
            "2021-01-01T",
            "TT",
            "ab\n",
            "a\n-",
            "한-",
            "가a-",
            "é",
        ]
        .map(str::to_owned)
        .into();
        texts.extend([
            long(63),
            long(64),
            long(253),
            long(254),
            format!("{}.b", long(64)),
            format!("{}-", long(63)),
            format!("{}/{}", long(254), long(64)),
        ]);
        for name in [
            "dns1123Label",
            "dns1123Subdomain",
            "dns1035Label",
            "qualifiedName",
            "dns1123LabelPrefix",
            "dns1123SubdomainPrefix",
            "dns1035LabelPrefix",
            "labelValue",
            "uri",
            "uuid",
            "byte",
            "date",
            "datetime",
        ] {
            for text in &texts {
                let validated = format!("format.{name}().validate({})", quoted(text));
                self.library(format!("{validated}.hasValue()"));
                self.library(format!("{validated}.orValue([]).size()"));
            }
            self.library(format!("format.named('{name}').value() == format.{name}()"));
        }
        self.library("format.named('none').hasValue()");
        self.library("format.dns1123Label() == format.dns1035Label()");
    }
}
