use std::net::IpAddr;

use ipnet::IpNet;

/// Reads an address: no leading zeros, no zone, no IPv4 address inside an IPv6 one.
///
/// # Errors
/// Says what is wrong with the text.
pub(super) fn address(text: &str) -> Result<IpAddr, String> {
    match text.parse() {
        Ok(IpAddr::V6(six)) if six.to_ipv4_mapped().is_some() => {
            Err(format!("`{text}` is an IPv4 address written as an IPv6 address; write it as 192.0.2.1"))
        }
        Ok(address) => Ok(address),
        Err(_) => Err(format!("`{text}` is not an IP address such as 192.0.2.1 or 2001:db8::1")),
    }
}

/// Reads an address with the length of a prefix, `10.0.0.0/8`; the bits behind the prefix are kept.
///
/// # Errors
/// Says what is wrong with the text.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let problem = || format!("`{text}` is not a network such as 10.0.0.0/8 or 2001:db8::/32");
    let (start, length) = text.rsplit_once('/').ok_or_else(problem)?;
    let plain = length == "0" || (!length.starts_with('0') && length.bytes().all(|b| b.is_ascii_digit()));
    let length = length.parse().ok().filter(|_| plain).ok_or_else(problem)?;
    IpNet::new(address(start)?, length).map_err(|_| problem())
}
