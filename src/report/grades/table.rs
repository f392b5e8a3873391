use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Trim, WriterBuilder};

use super::GradesError;

/// Rows as RFC 4180 has them, with a byte order mark unless it is unwanted: Excel takes a file without one for another encoding.
/// No cell is one that a spreadsheet would run.
pub(super) fn write(rows: &[Vec<String>], no_bom: bool) -> Result<String, GradesError> {
    let mut writer =
        WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).quote_style(QuoteStyle::Necessary).from_writer(vec![]);
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))?;
    let text = String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))?;
    Ok(if no_bom { text } else { format!("\u{feff}{text}") })
}

/// The rows of a file that another program wrote.
pub(super) fn read(text: &str) -> Result<Vec<Vec<String>>, GradesError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::None).from_reader(text.as_bytes());
    reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect()
}

/// A cell whose beginning would make a formula of it is led by an apostrophe; a number stays a number.
fn harmless(cell: &str) -> Cow<'_, str> {
    let leads = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if leads && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{harmless, read, write};

    #[test]
    fn formulas_are_led_by_an_apostrophe_and_numbers_are_not() {
        for cell in ["=1+1", "+1", "-", "-1-1", "-1e5", "@SUM(A1)", "\t=1", "\r=1", "＝1", "--1", "-.5", "-1."] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "0", "-0.05", "-10", "85.5", "a=b", "20…30", "'=1", "김하늘"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn rows_end_as_rfc_4180_says_and_a_mark_leads_unless_unwanted() {
        let rows = [vec!["a,b".into(), "c \"d\"".into(), "e\nf".into()]];
        assert_eq!(write(&rows, true).unwrap(), "\"a,b\",\"c \"\"d\"\"\",\"e\nf\"\r\n");
        assert!(write(&rows, false).unwrap().starts_with('\u{feff}'));
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read_and_no_cell_runs(rows in prop::collection::vec(prop::collection::vec("\\PC{0,12}|[=+@\t-]\\PC{0,4}|-?[0-9]{1,3}", 2..5), 1..5)) {
            let back = read(&write(&rows, false).unwrap()).unwrap();
            let safe: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| harmless(cell).into_owned()).collect()).collect();
            prop_assert_eq!(back, safe);
        }
    }
}
