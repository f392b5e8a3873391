use super::{
    Grades, GradesError,
    figure::{Figure, GradeOptions, bonus, has_bonus},
    table,
};
use crate::{
    gradebook::{Assignment, Gradebook, Learner},
    points::Points,
    report::cohort::words,
    text::Text,
};

const STUDENT: &str = "Student";
const ID: &str = "ID";
const SIS_USER: &str = "SIS User ID";
const SIS_LOGIN: &str = "SIS Login ID";
const OWN: [&str; 5] = [STUDENT, ID, SIS_USER, SIS_LOGIN, "Section"];
/// What stands in the column `Student` of the row of maxima.
const POSSIBLE: &str = "Points Possible";

/// One column that is given to Canvas.
struct Column<'a> {
    assignment: &'a Assignment,
    is_bonus: bool,
}

impl Column<'_> {
    fn title(&self, options: GradeOptions) -> String {
        let title = self.assignment.title.get(options.lang);
        if self.is_bonus { words::bonus_of(title).get(options.lang).to_owned() } else { title.to_owned() }
    }

    /// Whether a heading of Canvas' own export is this column: the title in either language or the id, and Canvas' number behind it.
    fn is(&self, heading: &str) -> bool {
        let numbered = heading.strip_suffix(')').and_then(|h| h.rsplit_once(" (")).filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit()));
        let name = numbered.map_or(heading, |(name, _)| name).trim();
        let Text { ko, en } = &self.assignment.title;
        let known: Vec<String> = [ko, en, &self.assignment.id]
            .into_iter()
            .flat_map(|title| match self.is_bonus {
                true => [words::bonus_of(title).ko, words::bonus_of(title).en].to_vec(),
                false => vec![title.clone()],
            })
            .collect();
        known.iter().any(|title| title == name)
    }

    fn possible(&self) -> String {
        match self.is_bonus {
            false => self.assignment.max.to_string(),
            // An assignment of 0 points is Canvas' own way to have extra points.
            true => Points::ZERO.to_string(),
        }
    }

    fn cell(&self, book: &Gradebook, learner: &Learner, options: GradeOptions) -> String {
        let entry = book.entry(&learner.id, &self.assignment.id);
        if self.is_bonus { bonus(entry) } else { Figure::of(entry, options.over_100).cell(options.missing) }
    }
}

fn columns(book: &Gradebook, options: GradeOptions) -> Vec<Column<'_>> {
    let with_bonus = |assignment| {
        let bonus = (options.bonus && has_bonus(assignment)).then_some(Column { assignment, is_bonus: true });
        std::iter::once(Column { assignment, is_bonus: false }).chain(bonus)
    };
    book.assignments.iter().flat_map(with_bonus).collect()
}

/// A gradebook that Canvas imports. A column whose title it does not know becomes a new assignment there.
///
/// # Errors
/// The table cannot be written.
pub fn canvas(book: &Gradebook, options: GradeOptions) -> Result<Grades, GradesError> {
    let columns = columns(book, options);
    let head = OWN.map(str::to_owned).into_iter().chain(columns.iter().map(|c| c.title(options)));
    let possible = [format!("    {POSSIBLE}")].into_iter().chain((1..OWN.len()).map(|_| String::new()));
    let mut rows = vec![head.collect(), possible.chain(columns.iter().map(Column::possible)).collect()];
    for learner in &book.roster.learners {
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let mut row =
            vec![learner.name.clone(), word(&learner.platform_id), word(&learner.sis_id), word(&learner.login), word(&learner.section)];
        row.extend(columns.iter().map(|column| column.cell(book, learner, options)));
        rows.push(row);
    }
    let nameless = |l: &&Learner| l.platform_id.is_none() && l.sis_id.is_none() && l.login.is_none();
    let nameless: Vec<&str> = book.roster.learners.iter().filter(nameless).map(|l| l.name.as_str()).collect();
    let notes = if nameless.is_empty() { Vec::new() } else { vec![words::canvas_knows_not(&nameless)] };
    Ok(Grades { text: table::write(&rows, options.no_bom)?, notes })
}

/// The same in the instructor's own export, whose rows and other columns stay as they are.
///
/// # Errors
/// It is not an export of Canvas, or the table cannot be written.
pub fn canvas_from(book: &Gradebook, options: GradeOptions, own: &str) -> Result<Grades, GradesError> {
    let mut rows = table::read(own)?;
    let head = rows.first().cloned().unwrap_or_default();
    let at = |name: &str| head.iter().position(|heading| heading.trim() == name);
    let (Some(student), keys) = (at(STUDENT), [at(ID), at(SIS_USER), at(SIS_LOGIN)]) else { return Err(not_canvas(&head)) };
    if keys.iter().all(Option::is_none) {
        return Err(not_canvas(&head));
    }
    let columns = columns(book, options);
    let mut width = head.len();
    let places: Vec<usize> = columns
        .iter()
        .map(|column| {
            head.iter().position(|heading| column.is(heading)).unwrap_or_else(|| {
                width += 1;
                width - 1
            })
        })
        .collect();
    let mut seen = Vec::new();
    for (number, row) in rows.iter_mut().enumerate() {
        row.resize(row.len().max(width), String::new());
        let possible = row[student].trim() == POSSIBLE;
        let learner = learner_of(book, row, keys);
        seen.extend(learner.map(|l| l.id.as_str()));
        for (column, place) in columns.iter().zip(&places) {
            let new = *place >= head.len();
            match learner {
                _ if number == 0 && new => row[*place] = column.title(options),
                _ if possible && new => row[*place] = column.possible(),
                Some(learner) if number > 0 && !possible => row[*place] = column.cell(book, learner, options),
                _ => {}
            }
        }
    }
    let left: Vec<&str> = book.roster.learners.iter().filter(|l| !seen.contains(&l.id.as_str())).map(|l| l.name.as_str()).collect();
    let notes = if left.is_empty() { Vec::new() } else { vec![words::not_in_export(&left)] };
    Ok(Grades { text: table::write(&rows, options.no_bom)?, notes })
}

/// The learner of a row of Canvas' export, by the first of Canvas' own keys that both know.
fn learner_of<'a>(book: &'a Gradebook, row: &[String], keys: [Option<usize>; 3]) -> Option<&'a Learner> {
    let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let by = |known: fn(&Learner) -> Option<&String>, key: Option<usize>| {
        let key = cell(key)?;
        book.roster.learners.iter().find(|learner| known(learner).is_some_and(|known| known == key))
    };
    let [id, sis, login] = keys;
    by(|l| l.platform_id.as_ref(), id).or_else(|| by(|l| l.sis_id.as_ref(), sis)).or_else(|| by(|l| l.login.as_ref(), login))
}

fn not_canvas(head: &[String]) -> GradesError {
    GradesError::NotCanvas { found: head.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") }
}
