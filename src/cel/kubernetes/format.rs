use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::{
        types::{CelOptional, CelString, Type},
        value::{CowVal, Val},
    },
};

use super::{
    formats,
    own::{Own, OwnKind, texts},
};

static TYPE: Type = Type::new_unspecified_type("kubernetes.NamedFormat");

/// A form that texts of Kubernetes objects must have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    name: &'static str,
    /// What is wrong with a text.
    problems: fn(&str) -> Vec<String>,
}

type CelFormat = Own<Format>;
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

const FORMATS: [Format; 13] = [
    Format { name: "dns1123Label", problems: formats::dns1123_label },
    Format { name: "dns1123Subdomain", problems: formats::dns1123_subdomain },
    Format { name: "dns1035Label", problems: formats::dns1035_label },
    Format { name: "qualifiedName", problems: formats::qualified_name },
    Format { name: "dns1123LabelPrefix", problems: |text| formats::dns1123_label(&formats::as_whole(text)) },
    Format { name: "dns1123SubdomainPrefix", problems: |text| formats::dns1123_subdomain(&formats::as_whole(text)) },
    Format { name: "dns1035LabelPrefix", problems: |text| formats::dns1035_label(&formats::as_whole(text)) },
    Format { name: "labelValue", problems: formats::label_value },
    Format { name: "uri", problems: formats::uri },
    Format { name: "uuid", problems: formats::uuid },
    Format { name: "byte", problems: formats::byte },
    Format { name: "date", problems: formats::date },
    Format { name: "datetime", problems: formats::datetime },
];

impl OwnKind for Format {
    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn same(&self, other: &Self) -> bool {
        self.name == other.name
    }

    fn written(&self) -> String {
        self.name.to_owned()
    }
}

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_type(TYPE.to_owned())?;
    add_overload!(env, fn named: (CelString) -> CelOptional, name = "format.named")?;
    add_member_overload!(env, fn validate: (CelFormat, CelString) -> CelOptional)?;
    let constants = [
        constant::<0>,
        constant::<1>,
        constant::<2>,
        constant::<3>,
        constant::<4>,
        constant::<5>,
        constant::<6>,
        constant::<7>,
        constant::<8>,
        constant::<9>,
        constant::<10>,
        constant::<11>,
        constant::<12>,
    ];
    for (format, constant) in FORMATS.iter().zip(constants) {
        let name = format!("format.{}", format.name);
        env.add_overload(&name, &format!("{name}()"), vec![], constant)?;
    }
    Ok(())
}

/// `format.dns1123Label()` and its like.
fn constant<'b, 'v, const AT: usize>(_: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    Ok(CowVal::owned(Own(FORMATS[AT])))
}

fn named(name: &CelString<'_>) -> CelOptional<'static> {
    let found = FORMATS.iter().find(|format| format.name == name.inner());
    found.map_or_else(CelOptional::none, |format| CelOptional::of(Box::new(Own(*format)) as Box<dyn Val>))
}

/// Nothing for a sound text, otherwise what is wrong with it.
fn validate(this: &CelFormat, text: &CelString<'_>) -> CelOptional<'static> {
    let problems = (this.0.problems)(text.inner());
    if problems.is_empty() { CelOptional::none() } else { CelOptional::of(Box::new(texts(problems))) }
}
