use std::path::Path;

use encoding_rs::{EUC_KR, Encoding, UTF_8};

use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

/// The text of a roster without its byte order mark, and what there is to say when it was not UTF-8. Excel writes UTF-16 as "Unicode
/// text", and CP949 as "CSV" on a Korean Windows.
pub(super) fn decode(bytes: &[u8], file: &Path) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text.map(|text| (text.into_owned(), None)).ok_or_else(|| broken(bytes, file, encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    let Some(text) = EUC_KR.decode_without_bom_handling_and_without_replacement(bytes) else { return Err(broken(bytes, file, UTF_8)) };
    let message = Text::new("UTF-8이 아니어서 CP949(EUC-KR)로 읽었습니다", "it is not UTF-8 and was read as CP949 (EUC-KR)");
    let note = Diagnostic::warning(codes::ROSTER_ENCODING, file, None, message).help(Text::new(
        "이름이 깨져 보이면 Excel에서 'CSV UTF-8(쉼표로 분리)'로 다시 저장하세요",
        "if names look wrong, save it in Excel as \"CSV UTF-8 (Comma delimited)\"",
    ));
    Ok((text.into_owned(), Some(note)))
}

fn broken(bytes: &[u8], file: &Path, encoding: &'static Encoding) -> Diagnostic {
    let name = encoding.name();
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    let line = valid.matches('\n').count() + 1;
    let column = valid.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    let span = Span { line, column, end_line: line, end_column: column + 1 };
    let message = Text::new(
        format!("{name}로 읽을 수 없는 바이트가 있고 CP949도 아닙니다"),
        format!("it holds bytes that are not {name}, and it is not CP949 either"),
    );
    Diagnostic::error(codes::ROSTER_ENCODING, file, Some(span), message).help(Text::new(
        "UTF-8로 다시 저장하세요(Excel: 'CSV UTF-8(쉼표로 분리)')",
        "save it as UTF-8 (in Excel: \"CSV UTF-8 (Comma delimited)\")",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, bool) {
        let (text, note) = decode(bytes, Path::new("roster.csv")).unwrap();
        (text, note.is_some())
    }

    #[test]
    fn whatever_excel_writes_is_read() {
        let text = "id,이름\n1,김민지\n";
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(text.as_bytes()), (text.into(), false));
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), (text.into(), false));
        assert_eq!(read(&utf16), (text.into(), false));
        assert_eq!(read(&EUC_KR.encode(text).0), (text.into(), true));
    }

    #[test]
    fn other_bytes_are_an_error_with_their_place() {
        let error = decode(b"id,name\n1,\xff\xff\xff\n", Path::new("roster.csv")).unwrap_err();
        assert_eq!(error.span.map(|span| (span.line, span.column)), Some((2, 3)));
        assert!(error.message.en.contains("not UTF-8"), "{error:?}");
    }
}
