use std::net::IpAddr;

use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::types::{CelBool, CelInt, CelString, Type},
};
use ipnet::IpNet;

use super::{
    addresses::{address, network},
    own::{Own, OwnKind, truth},
};

static TYPE: Type = Type::new_unspecified_type("net.CIDR");

type CelCidr = Own<IpNet>;
type CelIp = Own<IpAddr>;

impl OwnKind for IpNet {
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
    add_overload!(env, fn cidr: (CelString) -> Result<CelCidr>)?;
    add_overload!(env, fn is_cidr: (CelString) -> CelBool, name = "isCIDR")?;
    add_overload!(env, fn string: (CelCidr) -> CelString)?;
    add_member_overload!(env, fn contains_ip: (CelCidr, CelIp) -> CelBool, name = "containsIP")?;
    add_member_overload!(env, fn contains_ip_text: (CelCidr, CelString) -> Result<CelBool>, name = "containsIP")?;
    add_member_overload!(env, fn contains_cidr: (CelCidr, CelCidr) -> CelBool, name = "containsCIDR")?;
    add_member_overload!(env, fn contains_cidr_text: (CelCidr, CelString) -> Result<CelBool>, name = "containsCIDR")?;
    add_member_overload!(env, fn ip: (CelCidr) -> CelIp)?;
    add_member_overload!(env, fn masked: (CelCidr) -> CelCidr)?;
    add_member_overload!(env, fn prefix_length: (CelCidr) -> CelInt)
}

fn cidr(text: &CelString<'_>) -> Result<CelCidr, ExecutionError> {
    network(text.inner()).map(Own).map_err(|e| ExecutionError::function_error("cidr", e))
}

fn is_cidr(text: &CelString<'_>) -> CelBool {
    truth(network(text.inner()).is_ok())
}

fn string(this: &CelCidr) -> CelString<'static> {
    CelString::from(this.0.to_string())
}

fn contains_ip(this: &CelCidr, other: &CelIp) -> CelBool {
    truth(this.0.contains(&other.0))
}

fn contains_ip_text(this: &CelCidr, text: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    let other = address(text.inner()).map_err(|e| ExecutionError::function_error("containsIP", e))?;
    Ok(contains_ip(this, &Own(other)))
}

fn contains_cidr(this: &CelCidr, other: &CelCidr) -> CelBool {
    truth(this.0.contains(&other.0))
}

fn contains_cidr_text(this: &CelCidr, text: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    Ok(contains_cidr(this, &cidr(text)?))
}

fn ip(this: &CelCidr) -> CelIp {
    Own(this.0.addr())
}

fn masked(this: &CelCidr) -> CelCidr {
    Own(this.0.trunc())
}

fn prefix_length(this: &CelCidr) -> CelInt {
    CelInt::from(i64::from(this.0.prefix_len()))
}
