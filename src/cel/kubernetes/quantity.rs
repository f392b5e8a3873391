use std::cmp::Ordering;

use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::{
        types::{CelBool, CelDouble, CelInt, CelString, CelUInt, Type},
        value::Val,
    },
};

use super::own::{self, Own, OwnKind, truth};
use crate::cel::Quantity;

static TYPE: Type = Type::new_unspecified_type("kubernetes.Quantity");

pub(super) type Amount = Quantity;
type CelQuantity = Own<Amount>;

impl OwnKind for Amount {
    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// Ours: Kubernetes has `isLessThan` only. A double is taken for the number that its author wrote.
    fn order(&self, other: &dyn Val) -> Option<Ordering> {
        if let Some(other) = other.downcast_ref::<CelQuantity>() {
            return Some(self.cmp(&other.0));
        }
        let number = other
            .downcast_ref::<CelInt>()
            .map(|int| int.inner().to_string())
            .or_else(|| other.downcast_ref::<CelUInt>().map(|uint| uint.inner().to_string()))
            .or_else(|| other.downcast_ref::<CelDouble>().map(|double| double.inner().to_string()))?;
        Quantity::parse(&number).ok().map(|other| self.cmp(&other))
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_type(TYPE.to_owned())?;
    add_overload!(env, fn quantity: (CelString) -> Result<CelQuantity>)?;
    add_overload!(env, fn is_quantity: (CelString) -> CelBool)?;
    // Kubernetes documents `x.sign()` and has `sign(x)`.
    add_overload!(env, fn sign: (CelQuantity) -> CelInt)?;
    add_member_overload!(env, fn sign: (CelQuantity) -> CelInt)?;
    add_member_overload!(env, fn is_integer: (CelQuantity) -> CelBool)?;
    add_member_overload!(env, fn as_integer: (CelQuantity) -> Result<CelInt>)?;
    add_member_overload!(env, fn as_approximate_float: (CelQuantity) -> CelDouble)?;
    add_member_overload!(env, fn is_less_than: (CelQuantity, CelQuantity) -> CelBool)?;
    add_member_overload!(env, fn is_greater_than: (CelQuantity, CelQuantity) -> CelBool)?;
    add_member_overload!(env, fn compare_to: (CelQuantity, CelQuantity) -> CelInt)?;
    add_member_overload!(env, fn add: (CelQuantity, CelQuantity) -> CelQuantity)?;
    add_member_overload!(env, fn add_int: (CelQuantity, CelInt) -> CelQuantity, name = "add")?;
    add_member_overload!(env, fn sub: (CelQuantity, CelQuantity) -> CelQuantity)?;
    add_member_overload!(env, fn sub_int: (CelQuantity, CelInt) -> CelQuantity, name = "sub")
}

fn quantity(text: &CelString<'_>) -> Result<CelQuantity, ExecutionError> {
    Quantity::parse(text.inner()).map(Own).map_err(|e| ExecutionError::function_error("quantity", e))
}

fn is_quantity(text: &CelString<'_>) -> CelBool {
    truth(Quantity::parse(text.inner()).is_ok())
}

fn sign(this: &CelQuantity) -> CelInt {
    own::sign(this.0.sign())
}

fn is_integer(this: &CelQuantity) -> CelBool {
    truth(this.0.as_integer().is_some())
}

fn as_integer(this: &CelQuantity) -> Result<CelInt, ExecutionError> {
    let problem = || ExecutionError::function_error("asInteger", format!("{} is no integer of 64 bits", this.0));
    this.0.as_integer().map(CelInt::from).ok_or_else(problem)
}

fn as_approximate_float(this: &CelQuantity) -> CelDouble {
    CelDouble::from(this.0.approximately())
}

fn is_less_than(this: &CelQuantity, other: &CelQuantity) -> CelBool {
    truth(this.0 < other.0)
}

fn is_greater_than(this: &CelQuantity, other: &CelQuantity) -> CelBool {
    truth(this.0 > other.0)
}

fn compare_to(this: &CelQuantity, other: &CelQuantity) -> CelInt {
    own::sign(this.0.cmp(&other.0))
}

fn add(this: &CelQuantity, other: &CelQuantity) -> CelQuantity {
    Own(&this.0 + &other.0)
}

fn add_int(this: &CelQuantity, other: &CelInt) -> CelQuantity {
    Own(&this.0 + &Quantity::whole(*other.inner()))
}

fn sub(this: &CelQuantity, other: &CelQuantity) -> CelQuantity {
    Own(&this.0 - &other.0)
}

fn sub_int(this: &CelQuantity, other: &CelInt) -> CelQuantity {
    Own(&this.0 - &Quantity::whole(*other.inner()))
}
