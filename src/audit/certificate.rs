//! When a certificate ends: as much of X.509 as that takes.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The certificates in a text of PEM blocks, in DER.
pub fn from_pem(pem: &str) -> Vec<Vec<u8>> {
    let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1).filter_map(|rest| rest.split("-----END").next());
    blocks.filter_map(|body| BASE64_STANDARD.decode(body.split_whitespace().collect::<String>()).ok()).collect()
}

/// The end of a certificate's validity; none when it is no certificate.
pub fn not_after(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    // An explicit version comes before the serial number, the algorithm and the issuer.
    if rest.first() == Some(&0xa0) {
        rest = element(rest)?.2;
    }
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (_, validity, _) = element(rest)?;
    let (_, _, end) = element(validity)?;
    let (tag, time, _) = element(end)?;
    parse(tag, std::str::from_utf8(time).ok()?)
}

/// One element of DER: its tag, its content, and what comes after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short @ 0..=0x7f => (usize::from(*short), rest),
        long => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = bytes.iter().try_fold(0usize, |sum, byte| sum.checked_mul(256)?.checked_add(usize::from(*byte)))?;
            (length, rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}

/// `UTCTime` has two digits for the year, `GeneralizedTime` four; both end in `Z` here.
fn parse(tag: u8, text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z')?;
    let full = match tag {
        0x17 => format!("{}{digits}", if digits < "50" { "20" } else { "19" }),
        0x18 => digits.to_owned(),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", full).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::{from_pem, not_after};

    #[test]
    fn the_end_of_validity_is_read_in_both_of_its_forms() {
        for (year, text) in [(2031, "2031-05-06T00:00:00Z"), (2071, "2071-05-06T00:00:00Z")] {
            let mut params = CertificateParams::new(vec!["web.shop".to_owned()]).unwrap();
            params.not_after = date_time_ymd(year, 5, 6);
            let pem = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
            let [der] = &from_pem(&format!("a comment\n{pem}"))[..] else { panic!("one certificate") };
            assert_eq!(not_after(der).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for der in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x00"] {
            assert_eq!(not_after(der), None);
        }
    }
}
