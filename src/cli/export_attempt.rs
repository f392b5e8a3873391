use super::{
    args::ReportFormat, bundle, context::Context, exit_code::Exit, export::Export, export::whole, export_args::SignedArgs,
    failure::Failure, run::engine,
};
use crate::{
    attempt::AttemptId,
    report::{self, Report},
    seal::{Archive, SealError, SigningKey},
    text::Text,
};

type Exported = Result<Export, Failure>;

pub(super) async fn html(context: &Context, id: Option<AttemptId>) -> Exported {
    any(context, id, ReportFormat::Html, |report| Ok(report::html::render(report, context.lang)?)).await
}

pub(super) async fn markdown(context: &Context, id: Option<AttemptId>) -> Exported {
    any(context, id, ReportFormat::Markdown, |report| Ok(report::markdown::render(report, context.lang)?)).await
}

pub(super) async fn json(context: &Context, id: Option<AttemptId>) -> Exported {
    any(context, id, ReportFormat::Json, |report| Ok(report::json::render(report)?)).await
}

pub(super) async fn junit(context: &Context, id: Option<AttemptId>) -> Exported {
    any(context, id, ReportFormat::Junit, |report| Ok(report::junit::render(report, context.lang)?)).await
}

/// A format that runs of bundles have too.
async fn any(
    context: &Context,
    id: Option<AttemptId>,
    format: ReportFormat,
    render: impl Fn(&Report) -> Result<String, Failure>,
) -> Exported {
    let engine = engine(context, "export").await?;
    let environment = engine.environment().await?;
    let text = match engine.reported_bundle(id.as_ref(), &environment).await? {
        Some(run) => bundle::render(context, &engine.bundle_report(&run.id).await?, format, false)?,
        None => render(&engine.report(id.as_ref(), &environment).await?)?,
    };
    Ok(text.into())
}

/// A format of one attempt.
pub(super) async fn one(context: &Context, id: Option<AttemptId>, render: impl Fn(&Report) -> Result<String, Failure>) -> Exported {
    let engine = engine(context, "export").await?;
    let environment = engine.environment().await?;
    Ok(render(&engine.report(id.as_ref(), &environment).await?)?.into())
}

pub(super) async fn archive(context: &Context, args: SignedArgs) -> Exported {
    let (archive, notes) = signed(context, args).await?;
    Ok(Export { text: archive.render()?, notes })
}

pub(super) async fn statement(context: &Context, args: SignedArgs) -> Exported {
    let (archive, notes) = signed(context, args).await?;
    Ok(Export { text: archive.statement.render()?, notes })
}

/// The signed records of an attempt, and which key it was.
async fn signed(context: &Context, args: SignedArgs) -> Result<(Archive, Vec<Text>), Failure> {
    let engine = engine(context, "export").await?;
    let environment = engine.environment().await?;
    let mut notes = Vec::new();
    let key = match &args.key {
        Some(file) => SigningKey::open(file)?,
        None => {
            let (file, public) = (context.paths.signing_key(), context.paths.public_key());
            let (key, made) = SigningKey::open_or_make(&file)?;
            if made || !public.exists() {
                whole(&public, key.public().to_pem().as_bytes())?;
                notes.push(Text::new(
                    format!("서명 키를 만들었습니다. 검증할 사람에게 줄 공개 키: {}", public.display()),
                    format!("A key to sign with was made. Give its public half to whoever verifies: {}", public.display()),
                ));
            }
            key
        }
    };
    let archive = engine.archive(args.attempt.map(AttemptId).as_ref(), &environment, &key).await?;
    let print = key.public().fingerprint();
    notes.push(Text::new(format!("서명 키 지문: {print}"), format!("Signed with the key {print}")));
    Ok((archive, notes))
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        match error {
            SealError::KeyFile { .. } => {
                Self::new(Exit::CannotRunHere, Text::new("키를 읽거나 쓰지 못했습니다", "a key could not be read or written")).cause(error)
            }
            SealError::NotAKey { .. } => {
                Self::new(Exit::Usage, Text::new("쓸 수 있는 키가 아닙니다", "it is no key that can be used")).cause(error)
            }
            SealError::NoRandomness => {
                Self::new(Exit::CannotRunHere, Text::new("키를 만들지 못했습니다", "no key could be made")).cause(error)
            }
            SealError::Unknown | SealError::Newer { .. } => {
                Self::new(Exit::Usage, Text::new("검증할 수 있는 파일이 아닙니다", "it is no file that can be verified")).cause(error)
            }
            SealError::Json(_) => Self::bug(&error.to_string()),
        }
    }
}
