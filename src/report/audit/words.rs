use crate::{
    audit::{Audit, AuditScore, Severity, Status},
    text::{Style, Text},
};

pub(super) fn status(status: Status) -> Text {
    match status {
        Status::Pass => Text::new("통과", "pass"),
        Status::Warn => Text::new("주의", "warning"),
        Status::Fail => Text::new("미흡", "fail"),
        Status::NotApplicable => Text::new("해당 없음", "not applicable"),
        Status::Unknown => Text::new("확인 불가", "unknown"),
    }
}

pub(super) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Fail => status(Status::Fail),
        Severity::Warn => status(Status::Warn),
    }
}

pub(super) fn sign(status: Status) -> &'static str {
    match status {
        Status::Pass => "✓",
        Status::Warn => "!",
        Status::Fail => "✗",
        Status::NotApplicable => "–",
        Status::Unknown => "?",
    }
}

pub(super) fn style(status: Status) -> Style {
    match status {
        Status::Pass => Style::Green,
        Status::Fail => Style::Red,
        Status::Warn | Status::Unknown => Style::Yellow,
        Status::NotApplicable => Style::Dim,
    }
}

/// A stable word for style sheets.
pub(super) fn class(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::NotApplicable => "none",
        Status::Unknown => "open",
    }
}

/// `62 %`, or `62–75 %` while something could not be looked at.
pub(super) fn percent(score: AuditScore) -> String {
    match score.percent() {
        None => "–".to_owned(),
        Some((low, high)) if low == high => format!("{low}%"),
        Some((low, high)) => format!("{low}–{high}%"),
    }
}

pub(super) fn sum(score: AuditScore) -> Text {
    let AuditScore { passed, applicable, unknown } = score;
    let sum = Text::new(
        format!("해당하는 {applicable}개 항목 가운데 {passed}개 통과"),
        format!("{passed} of {applicable} items that apply pass"),
    );
    match unknown {
        0 => sum,
        _ => Text::new(format!("{}, {unknown}개 확인 불가", sum.ko), format!("{}, {unknown} unknown", sum.en)),
    }
}

/// Which cluster, which version, which namespaces, when.
pub(super) fn place(audit: &Audit) -> Text {
    let version = audit.version.as_ref().map(|version| format!(" · Kubernetes {version}")).unwrap_or_default();
    let (ko, en) = match (&audit.scope.named[..], &audit.scope.left_out[..]) {
        ([], []) => ("모든 네임스페이스".to_owned(), "every namespace".to_owned()),
        ([], left_out) => {
            (format!("모든 네임스페이스({} 제외)", left_out.join(", ")), format!("every namespace but {}", left_out.join(", ")))
        }
        (named, _) => (named.join(", "), named.join(", ")),
    };
    let taken = audit.taken.strftime("%Y-%m-%d %H:%M UTC");
    Text::new(format!("{}{version} · {ko} · {taken}", audit.cluster), format!("{}{version} · {en} · {taken}", audit.cluster))
}
