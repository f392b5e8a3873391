/// The parts of a quantity's text.
pub(super) struct Written<'t> {
    pub(super) negative: bool,
    /// Without leading zeros.
    whole: &'t str,
    pub(super) decimals: &'t str,
    /// Whether a digit was written at all: Kubernetes reads `m` and `Ki` as 0.
    pub(super) has_digits: bool,
    /// The unit's power of ten.
    pub(super) power: i32,
    /// The unit's power of two.
    pub(super) shift: u32,
}

/// Powers beyond it are refused: nothing has them, and long numbers of them are slow to compare.
const FURTHEST: i32 = 1_000;
const LONGEST: usize = 1_000;

impl<'t> Written<'t> {
    pub(super) fn read(text: &'t str) -> Option<Self> {
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, rest) = digits_of(unsigned);
        let (decimals, unit) = rest.strip_prefix('.').map_or(("", rest), digits_of);
        let (power, shift) = scale(unit)?;
        Some(Self {
            negative: text.starts_with('-'),
            whole: whole.trim_start_matches('0'),
            decimals,
            has_digits: whole.len() + decimals.len() > 0,
            power,
            shift,
        })
    }

    pub(super) fn digits(&self) -> String {
        format!("0{}{}", self.whole, self.decimals)
    }

    /// Whether Kubernetes tries to keep it in 64 bits.
    pub(super) fn is_short(&self) -> bool {
        let digits = self.whole.len().max(1);
        if self.shift == 0 {
            return digits + self.decimals.len() <= 18;
        }
        let of_unit = usize::try_from(self.shift / 10 * 3).unwrap_or(usize::MAX);
        self.decimals.is_empty() && digits + of_unit <= 14
    }
}

fn digits_of(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn scale(unit: &str) -> Option<(i32, u32)> {
    Some(match unit {
        "n" => (-9, 0),
        "u" => (-6, 0),
        "m" => (-3, 0),
        "" => (0, 0),
        "k" => (3, 0),
        "M" => (6, 0),
        "G" => (9, 0),
        "T" => (12, 0),
        "P" => (15, 0),
        "E" => (18, 0),
        "Ki" => (0, 10),
        "Mi" => (0, 20),
        "Gi" => (0, 30),
        "Ti" => (0, 40),
        "Pi" => (0, 50),
        "Ei" => (0, 60),
        _ => {
            let power: i32 = unit.strip_prefix(['e', 'E'])?.parse().ok()?;
            ((-FURTHEST..=FURTHEST).contains(&power).then_some(power)?, 0)
        }
    })
}
