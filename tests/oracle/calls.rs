//! Calls taken apart: a name and the texts of its arguments.

/// What an argument literally is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Literal {
    Bool,
    Number,
    Text,
    Row,
    Named,
}

impl Literal {
    /// All of them, each with one that is neither empty nor an edge.
    pub(crate) const ALL: &[(Self, &str)] = &[
        (Self::Bool, "true"),
        (Self::Number, "12"),
        (Self::Text, "\"a\""),
        (Self::Row, "[\"a\"]"),
        (Self::Named, "{ a = \"b\" }"),
    ];

    /// What an argument is; `None` for what must be evaluated to be told.
    pub(crate) fn of(argument: &str) -> Option<Self> {
        match argument.as_bytes().first()? {
            b'"' if argument.rfind('"') == Some(argument.len() - 1) => Some(Self::Text),
            b'[' if argument.ends_with(']') => Some(Self::Row),
            b'{' if argument.ends_with('}') => Some(Self::Named),
            _ if matches!(argument, "true" | "false") => Some(Self::Bool),
            _ => argument.parse::<f64>().is_ok().then_some(Self::Number),
        }
    }
}

/// A call's name and its arguments' texts; nothing else than one whole call is one.
pub(crate) fn call(text: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = text.split_once('(')?;
    if name.is_empty() || !name.chars().all(|it| it.is_alphanumeric() || it == '_' || it == ':') {
        return None;
    }
    let mut arguments = Vec::new();
    let mut current = String::new();
    // Which brackets and quotes are open; an interpolation is a bracket within quotes.
    let mut open = Vec::new();
    let mut chars = rest.chars();
    while let Some(it) = chars.next() {
        let in_quotes = open.last() == Some(&'"');
        match it {
            '\\' if in_quotes => {
                current.push(it);
                current.extend(chars.next());
                continue;
            }
            '"' if in_quotes => drop(open.pop()),
            '$' | '%' if in_quotes && chars.as_str().starts_with('{') => {
                current.push(it);
                current.extend(chars.next());
                open.push('{');
                continue;
            }
            '"' => open.push('"'),
            '(' | '[' | '{' if !in_quotes => open.push(it),
            ')' if open.is_empty() => {
                if !current.trim().is_empty() {
                    arguments.push(current.trim().to_owned());
                }
                let is_whole = chars.as_str().trim().is_empty();
                let is_spread = arguments.last().is_some_and(|it| it.ends_with("..."));
                return (is_whole && !is_spread).then_some((name.to_owned(), arguments));
            }
            ')' | ']' | '}' if !in_quotes => drop(open.pop()?),
            ',' if open.is_empty() => {
                arguments.push(current.trim().to_owned());
                current.clear();
                continue;
            }
            _ => {}
        }
        current.push(it);
    }
    None
}
