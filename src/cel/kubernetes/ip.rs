use std::net::{IpAddr, Ipv4Addr};

use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::types::{CelBool, CelInt, CelString, Type},
};

use super::{
    addresses::address,
    own::{Own, OwnKind, truth},
};

static TYPE: Type = Type::new_unspecified_type("net.IP");

type CelIp = Own<IpAddr>;

impl OwnKind for IpAddr {
    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_type(TYPE.to_owned())?;
    add_overload!(env, fn ip: (CelString) -> Result<CelIp>)?;
    add_overload!(env, fn is_ip: (CelString) -> CelBool, name = "isIP")?;
    add_overload!(env, fn is_canonical: (CelString) -> Result<CelBool>, name = "ip.isCanonical")?;
    add_overload!(env, fn string: (CelIp) -> CelString)?;
    add_member_overload!(env, fn family: (CelIp) -> CelInt)?;
    add_member_overload!(env, fn is_unspecified: (CelIp) -> CelBool)?;
    add_member_overload!(env, fn is_loopback: (CelIp) -> CelBool)?;
    add_member_overload!(env, fn is_link_local_multicast: (CelIp) -> CelBool)?;
    add_member_overload!(env, fn is_link_local_unicast: (CelIp) -> CelBool)?;
    add_member_overload!(env, fn is_global_unicast: (CelIp) -> CelBool)
}

fn ip(text: &CelString<'_>) -> Result<CelIp, ExecutionError> {
    address(text.inner()).map(Own).map_err(|e| ExecutionError::function_error("ip", e))
}

fn is_ip(text: &CelString<'_>) -> CelBool {
    truth(address(text.inner()).is_ok())
}

fn is_canonical(text: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    ip(text).map(|ip| truth(ip.0.to_string() == text.inner()))
}

fn string(this: &CelIp) -> CelString<'static> {
    CelString::from(this.0.to_string())
}

fn family(this: &CelIp) -> CelInt {
    CelInt::from(if this.0.is_ipv4() { 4 } else { 6 })
}

fn is_unspecified(this: &CelIp) -> CelBool {
    truth(this.0.is_unspecified())
}

fn is_loopback(this: &CelIp) -> CelBool {
    truth(this.0.is_loopback())
}

fn is_link_local_multicast(this: &CelIp) -> CelBool {
    truth(match this.0 {
        IpAddr::V4(four) => four.octets()[..3] == [224, 0, 0],
        IpAddr::V6(six) => six.segments()[0] & 0xff0f == 0xff02,
    })
}

fn is_link_local_unicast(this: &CelIp) -> CelBool {
    truth(link_local_unicast(&this.0))
}

fn link_local_unicast(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_link_local(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    }
}

fn is_global_unicast(this: &CelIp) -> CelBool {
    let special = this.0.is_unspecified() || this.0.is_loopback() || this.0.is_multicast() || link_local_unicast(&this.0);
    truth(!special && this.0 != IpAddr::V4(Ipv4Addr::BROADCAST))
}
