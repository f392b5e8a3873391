/// How a word is shown on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// As it is.
    #[default]
    Plain,
    /// Bold.
    Bold,
    /// Faint.
    Dim,
    /// Italic.
    Italic,
    /// Good.
    Green,
    /// Bad.
    Red,
    /// Unknown, or needs attention.
    Yellow,
    /// Code, names.
    Cyan,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Italic => "3",
            Self::Green => "32",
            Self::Red => "31",
            Self::Yellow => "33",
            Self::Cyan => "36",
        }
    }
}

/// The text in a style, or as it is when colour is off.
#[must_use]
pub fn paint(colour: bool, style: Style, text: &str) -> String {
    if colour && style != Style::Plain && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_owned() }
}
