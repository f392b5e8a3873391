use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    net::{Ipv4Addr, TcpListener},
};

/// Below the ports that systems hand out for outgoing connections, so that a part that restarts finds its port free.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Each part's port on the loopback address, by the part's name.
pub type Ports = BTreeMap<String, u16>;

/// Gives a free port to every name that has none yet, other than those in `avoid`.
pub fn assign<'a>(ports: &mut Ports, names: impl IntoIterator<Item = &'a str>, avoid: &BTreeSet<u16>) -> io::Result<()> {
    for name in names {
        if ports.contains_key(name) {
            continue;
        }
        let port = (0..1000)
            .map(|_| rand::random_range(RANGE))
            .find(|port| !avoid.contains(port) && !ports.values().any(|used| used == port) && is_free(*port))
            .ok_or_else(|| io::Error::new(io::ErrorKind::AddrInUse, "no free port between 20000 and 32000 on 127.0.0.1"))?;
        ports.insert(name.to_owned(), port);
    }
    Ok(())
}

/// Nobody listens on this port of the loopback address.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_distinct_and_kept() {
        let mut ports = Ports::new();
        assign(&mut ports, ["a", "b"], &BTreeSet::new()).expect("there are free ports");
        let before = ports.clone();
        assign(&mut ports, ["a", "b", "c"], &BTreeSet::new()).expect("there are free ports");
        assert_eq!((ports["a"], ports["b"]), (before["a"], before["b"]));
        assert_eq!(ports.values().collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn a_port_that_is_listened_on_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        assert!(!is_free(listener.local_addr().expect("its address").port()));
    }
}
