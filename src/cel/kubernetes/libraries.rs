use cel::{DeclarationError, Env, common::value::Val};

use super::{
    cidr, format, ip, lists,
    own::{Own, OwnKind},
    quantity, regex, semver, sets, url,
};

/// Adds every library to an environment.
pub(in crate::cel) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    for library in [
        cidr::register,
        format::register,
        ip::register,
        lists::register,
        quantity::register,
        regex::register,
        semver::register,
        sets::register,
        url::register,
    ] {
        library(env)?;
    }
    Ok(())
}

/// The text of a value of one of these libraries; none for any other value.
pub(in crate::cel) fn written(value: &dyn Val) -> Option<String> {
    fn of<T: OwnKind>(value: &dyn Val) -> Option<String> {
        value.downcast_ref::<Own<T>>().map(|own| own.0.written())
    }
    of::<quantity::Amount>(value)
        .or_else(|| of::<std::net::IpAddr>(value))
        .or_else(|| of::<ipnet::IpNet>(value))
        .or_else(|| of::<url::Link>(value))
        .or_else(|| of::<::semver::Version>(value))
        .or_else(|| of::<format::Format>(value))
}
