use super::{
    args::{AuditArgs, AuditFormat},
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    audit::{Scope, Status},
    report,
    report::TerminalOptions,
    text::Text,
};

/// Goes through the operations checklists on a cluster that is named. Changes nothing in it.
pub async fn run(context: &Context, args: AuditArgs) -> Result {
    let engine = engine(context, "audit").await?;
    let audit = engine.audit(Scope { named: args.namespace, all: args.all }).await?;
    let format = if context.json() { AuditFormat::Json } else { args.format };
    let options = TerminalOptions { colour: context.colour && args.out.is_none(), ..context.terminal() };
    let rendered = match format {
        AuditFormat::Text => report::audit::terminal(&audit, options),
        AuditFormat::Json => report::json::render_audit(&audit)?,
        AuditFormat::Html => report::audit::html(&audit, context.lang)?,
    };
    match &args.out {
        None => output::print_text(&rendered)?,
        Some(file) => {
            std::fs::write(file, rendered)?;
            let text = Text::new(format!("점검 결과를 썼습니다: {}\n", file.display()), format!("The audit is in {}\n", file.display()));
            output::print_aside(text.get(context.lang))?;
        }
    }
    let failed = audit.items.iter().any(|item| item.status == Status::Fail);
    Ok(if failed { Exit::ChecksFailed } else { Exit::Done })
}
