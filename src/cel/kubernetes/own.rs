use std::{any::Any, cmp::Ordering, fmt::Debug};

use cel::{
    ExecutionError,
    common::{
        traits::Comparer,
        types::{CelBool, CelInt, CelList, CelString, Type},
        value::{StaticVal, Val},
    },
};

/// A kind of value that CEL itself does not have.
pub(super) trait OwnKind: Clone + Debug + Send + Sync + 'static {
    /// Its type's name.
    fn cel_type() -> &'static Type;

    /// Whether two values are `==`.
    fn same(&self, other: &Self) -> bool;

    /// Where the value stands to another for `<`; none where the two have no order.
    fn order(&self, _other: &dyn Val) -> Option<Ordering> {
        None
    }

    /// The value as a person reads it.
    fn written(&self) -> String;
}

/// Such a value inside an expression.
#[derive(Debug, Clone)]
pub(super) struct Own<T>(pub(super) T);

impl<T: OwnKind> Val for Own<T> {
    fn get_type(&self) -> &Type {
        T::cel_type()
    }

    fn cel_type() -> &'static Type {
        T::cel_type()
    }

    fn as_comparer(&self) -> Option<&dyn Comparer> {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        other.downcast_ref::<Self>().is_some_and(|other| self.0.same(&other.0))
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl<T: OwnKind> StaticVal for Own<T> {}

impl<T: OwnKind> Comparer for Own<T> {
    fn compare(&self, other: &dyn Val) -> Result<Ordering, ExecutionError> {
        let unordered = || ExecutionError::UnexpectedType { got: other.get_type().name().into(), want: T::cel_type().name().into() };
        self.0.order(other).ok_or_else(unordered)
    }
}

/// Where one value stands to another, as `compareTo` says it.
pub(super) fn sign(order: Ordering) -> CelInt {
    CelInt::from(order as i64)
}

/// A truth value.
pub(super) fn truth(value: bool) -> CelBool {
    CelBool::from(value)
}

/// A list of texts.
pub(super) fn texts(texts: impl IntoIterator<Item = String>) -> CelList<'static> {
    texts.into_iter().map(|text| Box::new(CelString::from(text)) as Box<dyn Val>).collect::<Vec<_>>().into()
}
