use std::{collections::HashMap, path::Path};

use csv::{ReaderBuilder, StringRecord};

use super::{
    encoding,
    form::{Column, Form, OWN},
    id::is_learner_id,
    place, values,
};
use crate::{
    diagnostic::{Code, Diagnostic, Span, codes},
    gradebook::{Learner, Roster},
    text::Text,
};

/// A roster that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct RosterRead {
    /// Who is in it.
    pub roster: Roster,
    /// Who exported it.
    pub form: Form,
    /// What its reader should know: columns that are not used, an encoding that was guessed.
    pub notes: Vec<Diagnostic>,
}

/// Reads a roster. `file` is only named in messages.
///
/// # Errors
/// Everything that is wrong with it, each with its line and column.
pub fn parse(bytes: &[u8], file: &Path, cohort: &str) -> Result<RosterRead, Vec<Diagnostic>> {
    let (text, guessed) = encoding::decode(bytes, file).map_err(|error| vec![error])?;
    let mut sheet = Sheet::read(&text, file).map_err(|error| vec![error])?;
    sheet.notes.extend(guessed);
    sheet.note_unused();
    let learners = sheet.learners();
    if learners.is_empty() && sheet.errors.is_empty() {
        let message = Text::new("명단에 학습자가 없습니다", "the roster lists nobody");
        sheet.errors.push(Diagnostic::error(codes::ROSTER_COLUMNS, file, None, message));
    }
    if !sheet.errors.is_empty() {
        return Err(sheet.errors);
    }
    let roster = Roster { cohort: cohort.to_owned(), learners };
    Ok(RosterRead { roster, form: sheet.form, notes: sheet.notes })
}

struct Sheet<'t> {
    text: &'t str,
    file: &'t Path,
    form: Form,
    delimiter: u8,
    header: Vec<String>,
    columns: Vec<Option<Column>>,
    rows: Vec<StringRecord>,
    errors: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
}

impl<'t> Sheet<'t> {
    fn read(text: &'t str, file: &'t Path) -> Result<Self, Diagnostic> {
        let delimiter = delimiter(text);
        if let Some(span) = place::unclosed_quote(text, delimiter) {
            let message = Text::new("여기서 연 따옴표가 닫히지 않았습니다", "the quote that opens here is never closed");
            return Err(Diagnostic::error(codes::ROSTER_CSV, file, Some(span), message).help(Text::new(
                "따옴표를 닫거나, 글자 그대로의 따옴표라면 두 번 쓰세요(\"\")",
                "close it, or write it twice (\"\") where a quote is meant",
            )));
        }
        let unreadable = |error: csv::Error| {
            let message = Text::new(format!("CSV로 읽을 수 없습니다: {error}"), format!("it cannot be read as CSV: {error}"));
            Diagnostic::error(codes::ROSTER_CSV, file, None, message)
        };
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        let mut rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        if rows.is_empty() {
            let message = Text::new("명단이 비어 있습니다", "the roster is empty");
            return Err(Diagnostic::error(codes::ROSTER_COLUMNS, file, None, message));
        }
        let header: Vec<String> = rows.remove(0).iter().map(str::to_owned).collect();
        let form = Form::of(&header).ok_or_else(|| unknown_header(text, file))?;
        let columns = header.iter().map(|heading| form.column(heading)).collect();
        Ok(Self { text, file, form, delimiter, header, columns, rows, errors: Vec::new(), notes: Vec::new() })
    }

    /// Says which columns are left out, and refuses one that is there twice.
    fn note_unused(&mut self) {
        let unused: Vec<String> =
            self.header.iter().zip(&self.columns).filter(|(_, column)| column.is_none()).map(|(name, _)| name.trim().to_owned()).collect();
        // A gradebook has a column for each assignment: those are known to be there.
        if self.form == Form::Own && !unused.is_empty() {
            let list = unused.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let message = Text::new(format!("쓰지 않는 열입니다: {list}"), format!("these columns are not used: {list}"));
            let known = OWN.map(|(name, _)| name).join(", ");
            let help = Text::new(format!("쓰는 열: {known}"), format!("those that are: {known}"));
            self.notes.push(Diagnostic::warning(codes::ROSTER_UNUSED, self.file, Some(self.at(0, 0)), message).help(help));
        }
        for (number, column) in self.columns.iter().enumerate().filter(|(_, column)| column.is_some()) {
            if self.columns[..number].contains(column) {
                let name = &self.header[number];
                let message = Text::new(format!("`{name}` 열이 두 번 나옵니다"), format!("there is a second column for `{name}`"));
                let help = Text::new("하나만 남기세요", "keep one of them");
                let error = Diagnostic::error(codes::ROSTER_COLUMNS, self.file, Some(self.at(0, number)), message).help(help);
                self.errors.push(error);
            }
        }
    }

    fn learners(&mut self) -> Vec<Learner> {
        let rows: Vec<StringRecord> = self.rows.iter().filter(|row| !self.is_aside(row)).cloned().collect();
        let source = self.form.ids().iter().copied().find(|column| rows.iter().all(|row| self.cell(row, *column).is_some()));
        let source = source.or_else(|| self.form.ids().iter().copied().find(|column| self.columns.contains(&Some(*column))));
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut learners = Vec::new();
        for row in &rows {
            let Some(learner) = self.learner(row, source) else { continue };
            let line = self.at(start(row), 0).line;
            if let Some(first) = known.insert(learner.id.to_lowercase(), line) {
                let id = &learner.id;
                let message = Text::new(
                    format!("학습자 id `{id}`가 {first}행에 이미 있습니다"),
                    format!("the learner id `{id}` is in line {first} already"),
                );
                let help = Text::new(
                    "한 행을 지우거나 id를 다르게 하세요(대소문자는 구별하지 않습니다)",
                    "remove one row or change its id; case does not count",
                );
                self.error(codes::ROSTER_DUPLICATE, row, source, message, help);
            }
            learners.push(learner);
        }
        learners
    }

    /// A row that is no learner: Canvas lists what there is to earn, and a student of its own for teachers to look through.
    fn is_aside(&self, row: &StringRecord) -> bool {
        let name = self.cell(row, Column::Name).unwrap_or_default();
        let nobody = name.is_empty() && self.form.ids().iter().all(|column| self.cell(row, *column).is_none());
        self.form == Form::Canvas && (name == "Points Possible" || name == "Student, Test" || nobody)
    }

    fn learner(&mut self, row: &StringRecord, source: Option<Column>) -> Option<Learner> {
        if let Some(number) = (self.header.len()..row.len()).find(|number| !row[*number].trim().is_empty()) {
            let (there, wanted) = (row.len(), self.header.len());
            let message = Text::new(
                format!("이 행은 칸이 {there}개인데 머리글은 {wanted}개입니다"),
                format!("this row has {there} cells under {wanted} headings"),
            );
            let help = Text::new("쉼표가 든 값은 따옴표로 묶으세요", "put a value with a comma in quotes");
            let span = self.at(start(row), number);
            self.errors.push(Diagnostic::error(codes::ROSTER_CSV, self.file, Some(span), message).help(help));
        }
        let Some(id) = source.and_then(|column| self.cell(row, column)) else {
            let names: Vec<&str> = self.form.ids().iter().filter_map(|column| self.heading(*column)).collect();
            let list = names.join(", ");
            let message = Text::new("학습자 id가 비어 있습니다", "there is no learner id");
            let help = Text::new(
                format!("`{list}` 열을 모든 학습자에게 채우세요. 제출 폴더의 이름이 됩니다"),
                format!("fill `{list}` for everybody: it names the folder of what they hand in"),
            );
            self.error(codes::ROSTER_ID, row, source, message, help);
            return None;
        };
        if !is_learner_id(&id) {
            let message = Text::new(format!("`{id}`은(는) 폴더 이름으로 쓸 수 없습니다"), format!("`{id}` cannot name a folder"));
            let help = Text::new(
                "글자와 숫자로 시작하고 글자, 숫자, `-` `_` `.` `@` `+`만 쓰세요",
                "begin with a letter or digit, and use letters, digits and `-` `_` `.` `@` `+` only",
            );
            self.error(codes::ROSTER_ID, row, source, message, help);
        }
        let name = self.name(row).unwrap_or_else(|| id.clone());
        let roles = self.value(row, Column::Roles, values::roles).unwrap_or_default();
        let lang = self.value(row, Column::Lang, values::lang);
        let text = |column| self.cell(row, column);
        Some(Learner {
            name,
            email: text(Column::Email),
            sis_id: text(Column::SisId),
            platform_id: text(Column::PlatformId),
            login: text(Column::Login),
            section: text(Column::Section),
            team: text(Column::Team),
            roles,
            lang,
            id,
        })
    }

    /// The name as it is called: in Korean the family name comes first, without a space.
    fn name(&self, row: &StringRecord) -> Option<String> {
        if self.form != Form::Moodle {
            return self.cell(row, Column::Name);
        }
        let (first, last) = (self.cell(row, Column::FirstName).unwrap_or_default(), self.cell(row, Column::LastName).unwrap_or_default());
        let hangul = |text: &str| text.chars().all(|c| ('가'..='힣').contains(&c));
        let name = if hangul(&first) && hangul(&last) { format!("{last}{first}") } else { format!("{first} {last}") };
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    fn value<T>(&mut self, row: &StringRecord, column: Column, read: impl Fn(&str) -> Result<T, Text>) -> Option<T> {
        match read(&self.cell(row, column)?) {
            Ok(value) => Some(value),
            Err(message) => {
                let help = Text::new("고치거나 비워 두세요", "put it right, or leave it empty");
                self.error(codes::ROSTER_VALUE, row, Some(column), message, help);
                None
            }
        }
    }

    fn cell(&self, row: &StringRecord, column: Column) -> Option<String> {
        let number = self.number(column)?;
        row.get(number).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    fn number(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|known| *known == Some(column))
    }

    fn heading(&self, column: Column) -> Option<&str> {
        self.number(column).map(|number| self.header[number].trim())
    }

    fn error(&mut self, code: Code, row: &StringRecord, column: Option<Column>, message: Text, help: Text) {
        let span = self.at(start(row), column.and_then(|column| self.number(column)).unwrap_or(0));
        self.errors.push(Diagnostic::error(code, self.file, Some(span), message).help(help));
    }

    fn at(&self, record: usize, number: usize) -> Span {
        place::field(self.text, record, self.delimiter, number)
    }
}

/// The byte at which a row begins.
fn start(row: &StringRecord) -> usize {
    row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0)
}

/// What stands between the cells: Excel writes semicolons where the comma is the decimal sign.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    if count(b',') == 0 {
        [b';', b'\t'].into_iter().max_by_key(|sign| count(*sign)).filter(|sign| count(*sign) > 0).unwrap_or(b',')
    } else {
        b','
    }
}

fn unknown_header(text: &str, file: &Path) -> Diagnostic {
    let width = text.lines().next().map_or(1, |line| line.chars().count().max(1));
    let span = Span { line: 1, column: 1, end_line: 1, end_column: width + 1 };
    let message = Text::new("명단의 머리글을 알아볼 수 없습니다", "the headings are not those of a roster");
    let own = OWN.map(|(name, _)| name).join(",");
    let help = Text::new(
        format!("첫 줄을 `{own}`으로 하세요(id만 꼭 필요합니다). Canvas와 Moodle에서 내보낸 파일은 고치지 말고 그대로 쓰세요"),
        format!("make the first line `{own}` (only id is required); use exports of Canvas and Moodle as they are"),
    );
    Diagnostic::error(codes::ROSTER_COLUMNS, file, Some(span), message).help(help)
}
