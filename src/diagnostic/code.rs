use std::fmt::Write as _;

/// A stable name for one sort of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `KD` and four digits: 01 files and YAML, 02 shape, 03 meaning, 04 manifests, 05 lint, 06 grading, 07 rosters.
    pub id: &'static str,
    /// What the mistake is, in Korean.
    pub ko: &'static str,
    /// What the mistake is, in English.
    pub en: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal, $ko:literal, $en:literal;)*) => {
        /// Every code by its name.
        pub mod codes {
            use super::Code;
            $(
                #[doc = $en]
                pub const $name: Code = Code { id: $id, ko: $ko, en: $en };
            )*
        }

        /// Every code, by number.
        #[must_use]
        pub fn all_codes() -> &'static [Code] {
            &[$(codes::$name),*]
        }
    };
}

codes! {
    SCENARIO_MISSING = "KD0101", "폴더에 `scenario.yaml`이 없습니다.", "The folder has no `scenario.yaml`.";
    UNREADABLE = "KD0102", "파일을 읽지 못했습니다.", "A file could not be read.";
    SYMLINK = "KD0103", "심볼릭 링크가 있습니다. 시나리오 폴더 밖을 읽지 않도록 링크는 따라가지 않습니다.", "There is a symbolic link. Links are not followed, so that nothing outside the scenario's folder is read.";
    NOT_A_FILE = "KD0104", "일반 파일이 아닙니다(장치, 소켓, 파이프).", "It is not a regular file (a device, socket or pipe).";
    FILE_TOO_LARGE = "KD0105", "파일 하나가 1 MiB를 넘습니다.", "One file is larger than 1 MiB.";
    PACK_TOO_LARGE = "KD0106", "시나리오 폴더가 너무 큽니다. 8 MiB, 파일 500개, 깊이 8단계까지입니다.", "The scenario's folder is too large: 8 MiB, 500 files and 8 levels are the limit.";
    NOT_UTF8 = "KD0107", "파일이 UTF-8이 아닙니다.", "The file is not UTF-8.";
    YAML_SYNTAX = "KD0108", "YAML 문법에 맞지 않습니다.", "It is not valid YAML.";
    YAML_BUDGET = "KD0109", "YAML이 지나치게 크게 펼쳐집니다. 별칭이 겹쳐 있거나 너무 깊습니다.", "The YAML expands too far: aliases within aliases, or too many levels.";
    DUPLICATE_KEY = "KD0110", "같은 키가 두 번 나옵니다.", "A key occurs twice.";
    PROSE_MISSING = "KD0111", "`story` 또는 `debrief`의 한쪽 언어 파일이 없거나 비어 있습니다.", "A language file of `story` or `debrief` is missing or empty.";
    DOCUMENT_COUNT = "KD0112", "이 파일에는 YAML 문서가 하나만 있어야 합니다.", "This file must hold exactly one YAML document.";

    UNKNOWN_KEY = "KD0201", "형식에 없는 키입니다.", "The format has no such key.";
    MISSING_KEY = "KD0202", "꼭 있어야 하는 키가 없습니다.", "A required key is missing.";
    WRONG_TYPE = "KD0203", "값의 종류가 다릅니다.", "A value is of the wrong type.";
    UNKNOWN_VALUE = "KD0204", "정해진 값 가운데 하나가 아닙니다.", "A value is not one of those allowed.";
    MISSING_TRANSLATION = "KD0205", "한국어와 영어 가운데 한쪽이 없거나 비어 있습니다.", "One of Korean and English is missing or empty.";
    BAD_VALUE = "KD0206", "값의 형식이나 범위가 맞지 않습니다.", "A value is malformed or out of range.";
    NOT_ONE_KIND = "KD0207", "정확히 하나를 골라야 하는 자리에 없거나 여럿이 있습니다.", "Exactly one alternative must be chosen, and there is none or more than one.";

    BAD_ID = "KD0301", "id는 kebab-case여야 합니다.", "An id must be kebab-case.";
    ID_NOT_FOLDER = "KD0302", "`metadata.name`이 폴더 이름과 다릅니다.", "`metadata.name` differs from the folder's name.";
    DUPLICATE_ID = "KD0303", "같은 id가 두 번 쓰였습니다.", "An id is used twice.";
    POINTS_SUM = "KD0304", "챌린지의 목표 점수 합이 100이 아닙니다.", "The points of a challenge's objectives do not add up to 100.";
    UNKNOWN_REFERENCE = "KD0305", "가리키는 것이 없습니다.", "It refers to something that is not there.";
    NEEDS_CYCLE = "KD0306", "`needs`가 서로 물고 돌아갑니다.", "`needs` goes round in a circle.";
    POINTS_ROLE = "KD0307", "점수나 분류를 가질 수 없는 역할이거나, 목표에 점수가 없습니다.", "A role that earns nothing has points or a category, or an objective has no points.";
    MISSING_CATEGORY = "KD0308", "챌린지의 목표에 `category`가 없습니다.", "An objective of a challenge has no `category`.";
    NO_OBJECTIVE = "KD0309", "목표(objective)가 하나도 없습니다.", "There is no objective.";
    NOTHING_STATED = "KD0310", "비어 있어서 언제나 통과하는 검사이거나, 아무 대상도 가리키지 않습니다.", "It is empty and would always pass, or points at no object.";
    BONUS_CAP = "KD0311", "보너스 점수의 합이 15를 넘습니다.", "Bonus points add up to more than 15.";
    BAD_REGEX = "KD0312", "정규식 문법이 틀렸습니다.", "A regular expression does not parse.";
    BAD_JSONPATH = "KD0313", "JSONPath(RFC 9535) 문법이 틀렸습니다.", "A JSONPath (RFC 9535) does not parse.";
    BAD_CEL = "KD0314", "CEL 식의 문법이 틀렸거나 이름을 알 수 없습니다.", "A CEL expression does not parse or uses an unknown name.";
    HOLD_TOO_LONG = "KD0315", "`hold`의 `for`가 `within`보다 깁니다.", "`for` of a `hold` is longer than its `within`.";
    REGRESSION_NEEDS = "KD0316", "`regression`인 목표에 `needs`가 없습니다. 아무것도 하지 않아도 점수를 얻습니다.", "A `regression` objective has no `needs`: it earns points for doing nothing.";
    WRONG_KIND_PART = "KD0317", "이 종류의 시나리오에 쓰지 않는 부분이거나, 꼭 있어야 할 부분이 없습니다.", "A part that this kind of scenario does not have, or that it must have.";
    UNKNOWN_CAPABILITY = "KD0318", "그런 capability는 없습니다.", "There is no such capability.";
    NO_SOLUTION = "KD0319", "모범 풀이(solution)가 없습니다.", "There is no solution.";
    NO_CHEAT = "KD0320", "막아야 할 편법(cheat)이 없습니다.", "There is no cheat.";
    VARIANT_FILE = "KD0321", "solutions·cheats 아래 폴더에 제 파일이 없습니다.", "A folder under solutions or cheats lacks its file.";
    CAPABILITY_MISSING = "KD0322", "쓰는 기능을 `requires`에 적지 않았습니다.", "What is used is not declared in `requires`.";
    EMPTY_BOUNDS = "KD0323", "범위가 비어 있거나 뒤집혔습니다.", "Bounds are empty or the wrong way round.";

    APPLY_MISSING = "KD0401", "`apply`가 가리키는 파일이 없거나 매니페스트가 들어 있지 않습니다.", "What `apply` points at is not there, or holds no manifest.";
    PATH_ESCAPES = "KD0402", "경로가 시나리오 폴더를 벗어납니다.", "A path leaves the scenario's folder.";
    NOT_A_MANIFEST = "KD0403", "매니페스트에 `apiVersion`, `kind`, `metadata.name`이 없습니다.", "A manifest lacks `apiVersion`, `kind` or `metadata.name`.";
    FOREIGN_NAMESPACE = "KD0404", "시나리오의 네임스페이스가 아닌 곳에 객체를 만듭니다.", "An object is made in a namespace that is not the scenario's.";
    NOT_APPLIED = "KD0405", "아무 동작도 쓰지 않는 매니페스트입니다.", "A manifest that no action applies.";

    ANSWER_SHOWN = "KD0501", "학습자가 읽는 글에 정답 값이 들어 있습니다.", "A text that the learner reads holds the expected value.";
    LONE_NEGATIVE = "KD0502", "목표가 '이 값만 아니면 된다'고만 합니다.", "An objective only says what must not be.";
    UNKNOWN_PLACEHOLDER = "KD0503", "`say`가 알 수 없는 자리표를 씁니다.", "A `say` uses an unknown placeholder.";
    HINT_YAML = "KD0504", "힌트에 YAML이 들어 있습니다.", "A hint holds YAML.";
    ODD_SCALAR = "KD0505", "따옴표가 없어 다르게 읽힐 수 있는 값입니다.", "A value without quotes that may be read as something else.";
    TEXT_PARITY = "KD0506", "한국어와 영어 글의 코드 조각이나 자리표가 다릅니다.", "Code spans or placeholders differ between Korean and English.";
    STORY_TELLS = "KD0507", "이야기가 원인을 말해 버립니다.", "The story gives the cause away.";
    CATEGORY_UNCHECKED = "KD0508", "검사가 하나도 없는 분류가 있습니다.", "A category has no check.";
    NEGATIVE_WITHOUT_HOLD = "KD0509", "없어야 한다는 검사에 `hold`가 없습니다.", "A check for absence has no `hold`.";
    IMPOSSIBLE = "KD0510", "그 종류의 객체가 답할 수 없는 것을 묻습니다.", "It asks what this kind of object cannot answer.";
    FEW_HINTS = "KD0511", "챌린지의 힌트가 세 개보다 적습니다.", "A challenge has fewer than three hints.";
    MARKER_LEFT = "KD0512", "양식의 표시(`CHANGE-ME`)가 남아 있습니다.", "A marker of the template (`CHANGE-ME`) is left.";
    TRANSIENT = "KD0513", "몇 초만 이어지는 상태를 검사합니다.", "It asserts a state that lasts seconds.";
    UNSTOPPED_CHEAT = "KD0514", "편법이 막힐 수 없는 검사를 가리킵니다.", "A cheat names a check that cannot stop it.";
    UNLIKELY_KIND = "KD0515", "알려진 kind와 한두 글자만 다릅니다.", "A kind is a letter or two away from a known one.";

    NOT_ADDED_UP = "KD0601", "점수, 비중, 시간을 더한 값이 전체와 다릅니다.", "Points, weights or minutes do not add up to the whole.";
    GRADING_FILE = "KD0602", "채점 폴더에 꼭 하나 있어야 하는 파일이 없거나 여럿입니다.", "A file of which a grading folder needs exactly one is missing, or there are several.";
    CRITERION_POINTS = "KD0603", "검사의 점수나 분류가 루브릭과 다릅니다.", "The points or the category of checks differ from the rubric.";
    ROSTER_ENCODING = "KD0701", "명단이 UTF-8이 아닙니다.", "A roster is not UTF-8.";
    ROSTER_CSV = "KD0702", "명단이 올바른 CSV가 아닙니다.", "A roster is not valid CSV.";
    ROSTER_COLUMNS = "KD0703", "명단의 열을 알아볼 수 없거나, 같은 열이 두 번 있거나, 학습자가 없습니다.", "The columns of a roster are unknown or there twice, or it lists nobody.";
    ROSTER_ID = "KD0704", "학습자 id가 없거나 폴더 이름으로 쓸 수 없습니다.", "A learner's id is missing or cannot name a folder.";
    ROSTER_DUPLICATE = "KD0705", "같은 학습자 id가 두 번 나옵니다.", "A learner's id occurs twice.";
    ROSTER_VALUE = "KD0706", "역할이나 언어를 알아볼 수 없습니다.", "A role or a language is unknown.";
    ROSTER_UNUSED = "KD0707", "명단에 쓰지 않는 열이 있습니다.", "A roster has columns that are not used.";
}

/// `docs/diagnostics.md`: every code, in both languages.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(
        "# 진단 코드 / Diagnostic codes\n\n\
         `kubedrill lint`, 시나리오의 로더, 명단을 읽는 `kubedrill grade`가 내는 코드입니다. 번호는 바뀌지 않습니다. 이 파일은 코드의 표에서 만들어집니다.\n\n\
         The codes that `kubedrill lint`, the loader of scenarios and `kubedrill grade`, which reads rosters, report. A code never changes its meaning. This file is generated from the table in the code.\n\n\
         | Code | 한국어 | English |\n|---|---|---|\n",
    );
    for code in all_codes() {
        let _ = writeln!(out, "| {} | {} | {} |", code.id, code.ko, code.en);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::all_codes;

    #[test]
    fn codes_are_in_order_and_never_used_twice() {
        for pair in all_codes().windows(2) {
            assert!(pair[0].id < pair[1].id, "{} before {}", pair[0].id, pair[1].id);
        }
    }
}
