use std::net::Ipv6Addr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const USER: AsciiSet = UNRESERVED.remove(b'$').remove(b'&').remove(b'+').remove(b',').remove(b';').remove(b'=');
const PATH: AsciiSet = USER.remove(b'/').remove(b':').remove(b'@');
const FRAGMENT: AsciiSet = PATH.remove(b'!').remove(b'(').remove(b')').remove(b'*').remove(b'?');
const HOST: AsciiSet = USER
    .remove(b'!')
    .remove(b'"')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b':')
    .remove(b'<')
    .remove(b'>')
    .remove(b'[')
    .remove(b']');

/// What may stand in a path or fragment as it is, besides what is never escaped in one.
const LEFT_ALONE: &str = "!$&'()*+,;=:@[]%";

/// A URL or an absolute path, in the parts that an HTTP request knows. It is what Go's `net/url` reads, which takes spaces and
/// letters of any script and changes nothing; the URL standard of browsers, and the crate `url`, do otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RequestUrl {
    pub(super) scheme: String,
    opaque: String,
    user: Option<String>,
    /// With the port.
    pub(super) host: String,
    has_authority: bool,
    path: String,
    pub(super) query: String,
    has_query: bool,
    fragment: Option<String>,
}

impl RequestUrl {
    /// Reads a URL or an absolute path.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Self::check(text)?;
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let url = Self::read(rest, false).map_err(|why| problem(text, why))?;
        let fragment = match fragment {
            "" => None,
            _ => Some(canonical(fragment, &FRAGMENT).ok_or_else(|| problem(text, ESCAPE))?),
        };
        Ok(Self { fragment, ..url })
    }

    /// Whether the text can be what an HTTP request asks for.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub(super) fn check(text: &str) -> Result<(), String> {
        Self::read(text, true).map(|_| ()).map_err(|why| problem(text, why))
    }

    fn read(text: &str, request: bool) -> Result<Self, &'static str> {
        if text.bytes().any(|b| b.is_ascii_control()) {
            return Err("it has a control character");
        }
        if request && text.is_empty() {
            return Err("it is empty");
        }
        if text == "*" {
            return Ok(Self { path: "*".into(), ..Self::default() });
        }
        let (scheme, rest) = scheme(text)?;
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            query: query.unwrap_or_default().to_owned(),
            has_query: query.is_some_and(|query| !query.is_empty() || !rest.contains('?')),
            ..Self::default()
        };
        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                url.opaque = rest.to_owned();
                return Ok(url);
            }
            if request {
                return Err("it is neither absolute nor a path from the root");
            }
            if rest.split('/').next().is_some_and(|first| first.contains(':')) {
                return Err("its first part has a colon");
            }
        }
        let authority = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || (!request && !rest.starts_with("///")));
        let path = match authority {
            None => rest,
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                url.has_authority = true;
                url.set_authority(authority)?;
                path
            }
        };
        url.path = canonical(path, &PATH).ok_or(ESCAPE)?;
        Ok(url)
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), &'static str> {
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        self.host = host_of(&self.scheme, host)?;
        if let Some(user) = user {
            if !user.chars().all(|c| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c)) {
                return Err("its user part has a character that must be escaped");
            }
            let parts: Option<Vec<String>> =
                user.splitn(2, ':').map(|part| decoded(part).map(|part| percent_encode(&part, &USER).to_string())).collect();
            self.user = Some(parts.ok_or(ESCAPE)?.join(":"));
        }
        Ok(())
    }

    /// Host and port apart; the port is empty where there is none.
    pub(super) fn host_and_port(&self) -> (&str, &str) {
        let (host, port) = match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, port),
            _ => (self.host.as_str(), ""),
        };
        (host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host), port)
    }

    /// The path, escaped.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl std::fmt::Display for RequestUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        let named = !self.host.is_empty() || self.user.is_some();
        if named || (self.has_authority && !self.scheme.is_empty() && !self.path.is_empty()) {
            f.write_str("//")?;
        }
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        write!(f, "{}{}{}", percent_encode(self.host.as_bytes(), &HOST), self.opaque, self.path)?;
        if self.has_query {
            write!(f, "?{}", self.query)?;
        }
        self.fragment.as_ref().map_or(Ok(()), |fragment| write!(f, "#{fragment}"))
    }
}

const ESCAPE: &str = "a % is not followed by two hexadecimal digits";

fn problem(text: &str, why: &str) -> String {
    format!("`{text}` is not a URL or absolute path: {why}")
}

/// The scheme, empty where there is none, and the rest.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    match end {
        Some(0) if text.starts_with(':') => Err("it lacks a scheme before the colon"),
        Some(at) if text[at..].starts_with(':') && text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok((&text[..at], &text[at + 1..]))
        }
        _ => Ok(("", text)),
    }
}

fn host_of(scheme: &str, host: &str) -> Result<String, &'static str> {
    let port = |text: &str| text.strip_prefix(':').map_or(text.is_empty(), |port| port.bytes().all(|b| b.is_ascii_digit()));
    match host.rfind('[') {
        Some(0) => {
            let (inside, after) = host[1..].rsplit_once(']').ok_or("a ] is missing after its host")?;
            if !port(after) {
                return Err("its port is no number");
            }
            let address = match inside.find("%25") {
                Some(at) => format!("{}{}", escaped_host(&inside[..at], false)?, escaped_host(&inside[at..], true)?),
                None => escaped_host(inside, false)?,
            };
            let (digits, zone) = address.split_once('%').unwrap_or((&address, "-"));
            if zone.is_empty() || digits.parse::<Ipv6Addr>().is_err() {
                return Err("only an IPv6 address may stand in brackets");
            }
            Ok(format!("[{address}]{after}"))
        }
        Some(_) => Err("only an IPv6 address may stand in brackets"),
        None => {
            let web = scheme == "http" || scheme == "https";
            let colon = if web { host.find(':') } else { host.rfind(':') };
            if colon.is_some_and(|at| !port(&host[at..])) {
                return Err("its port is no number");
            }
            escaped_host(host, false)
        }
    }
}

/// A host without its escapes, of which it may have those of other letters than ASCII's only; a zone may have more.
fn escaped_host(host: &str, zone: bool) -> Result<String, &'static str> {
    const WRONG: &str = "its host has a character that no host may have";
    let plain = |byte: u8| !byte.is_ascii() || !must_escape(byte, &HOST);
    let mut bytes = host.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            if plain(byte) { continue } else { return Err(WRONG) }
        }
        let hex = [bytes.next().ok_or(ESCAPE)?, bytes.next().ok_or(ESCAPE)?];
        let value = std::str::from_utf8(&hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()).ok_or(ESCAPE)?;
        let allowed = value == b'%' || if zone { value == b' ' || (value.is_ascii() && plain(value)) } else { !value.is_ascii() };
        if !allowed {
            return Err(WRONG);
        }
    }
    decoded(host).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).ok_or(ESCAPE)
}

fn must_escape(byte: u8, set: &'static AsciiSet) -> bool {
    percent_encode(&[byte], set).to_string().len() > 1
}

/// The text without its escapes; none where one of them is broken.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let sound = bytes.iter().enumerate().all(|(at, byte)| *byte != b'%' || (hex(bytes.get(at + 1)) && hex(bytes.get(at + 2))));
    sound.then(|| percent_decode_str(text).collect())
}

/// The text as it is where it is escaped enough, and newly escaped where it is not; none where an escape is broken.
fn canonical(text: &str, set: &'static AsciiSet) -> Option<String> {
    let bytes = decoded(text)?;
    let enough = text.bytes().all(|b| LEFT_ALONE.as_bytes().contains(&b) || !must_escape(b, set));
    Some(if enough { text.to_owned() } else { percent_encode(&bytes, set).to_string() })
}

#[cfg(test)]
mod tests {
    use super::RequestUrl;

    #[test]
    fn what_no_request_can_ask_for_is_refused() {
        for text in ["", "a/b", "https://a:b:c/", "http://[1.2.3.4]/", "/%zz", ":80", "http://a b/", "/a\nb"] {
            assert!(RequestUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_url_is_written_as_it_was_read_with_what_must_be_escaped_escaped() {
        for (text, written) in [
            ("HTTPS://u:p@example.com:80/a?b=c#d", "https://u:p@example.com:80/a?b=c#d"),
            ("https://example.com/길 이", "https://example.com/%EA%B8%B8%20%EC%9D%B4"),
            ("mailto:a@b", "mailto:a@b"),
            ("/path?", "/path?"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(RequestUrl::parse(text).unwrap().to_string(), written, "{text}");
        }
    }
}
