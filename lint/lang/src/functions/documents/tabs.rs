//! Tabs in YAML, as libyaml takes them: between tokens they are white space, but not where a line or an
//! entry begins, for there they would be indentation.

use std::borrow::Cow;

/// The text without tabs between tokens, for a parser that is stricter; what stands in scalars stays.
///
/// # Errors
/// The place of a tab that stands for indentation, as a clause.
pub(super) fn between_tokens(text: &str) -> Result<Cow<'_, str>, String> {
    if !text.contains('\t') {
        return Ok(Cow::Borrowed(text));
    }
    let out = String::with_capacity(text.len());
    let scan = Scan { rest: text, out, column: 0, indents: Vec::new(), flow: 0 };
    scan.run().map(Cow::Owned)
}

struct Scan<'t> {
    rest: &'t str,
    out: String,
    /// The column that is reached.
    column: usize,
    /// The columns at which the open mappings and sequences begin.
    indents: Vec<usize>,
    /// How many brackets are open.
    flow: usize,
}

impl Scan<'_> {
    fn run(mut self) -> Result<String, String> {
        // Whether a key may begin here, and the column of what may turn out to be one.
        let (mut may_begin, mut key) = (true, None);
        while let Some(it) = self.rest.chars().next() {
            let is_start = self.column == 0;
            match it {
                ' ' => self.take(1),
                '\t' if self.flow > 0 || !may_begin => self.replace(),
                '\t' => return Err(self.refused()),
                '\n' | '\r' => {
                    self.take(1);
                    may_begin |= self.flow == 0;
                }
                '#' => self.take_until(|it| it == '\n'),
                '%' if is_start => self.take_until(|it| it == '\n'),
                '-' | '.' if is_start && self.is_marker() => {
                    self.indents.clear();
                    self.take(3);
                    may_begin = false;
                }
                '-' | '?' if self.flow == 0 && self.is_blank_at(1) => {
                    self.open(self.column);
                    self.take(1);
                    may_begin = true;
                }
                ':' if self.flow > 0 || self.is_blank_at(1) => {
                    match key.take() {
                        Some(column) => {
                            self.open(column);
                            may_begin = false;
                        }
                        None => may_begin = self.flow == 0,
                    }
                    self.take(1);
                }
                '[' | '{' => {
                    key = may_begin.then_some(self.column);
                    self.flow += 1;
                    may_begin = true;
                    self.take(1);
                }
                ']' | '}' => {
                    self.flow = self.flow.saturating_sub(1);
                    may_begin = false;
                    self.take(1);
                }
                ',' if self.flow > 0 => {
                    may_begin = true;
                    self.take(1);
                }
                '|' | '>' if self.flow == 0 => {
                    self.take_block();
                    may_begin = true;
                }
                '&' | '*' | '!' => {
                    key = may_begin.then_some(self.column).or(key);
                    may_begin = false;
                    self.take_until(char::is_whitespace);
                }
                _ => {
                    key = may_begin.then_some(self.column).or(key);
                    self.close(self.column);
                    may_begin = match it {
                        '"' | '\'' => self.take_quoted(it),
                        _ => self.take_plain()?,
                    };
                }
            }
        }
        Ok(self.out)
    }

    /// A mapping or sequence goes on or begins at this column, and deeper ones end.
    fn open(&mut self, column: usize) {
        self.close(column);
        if self.flow == 0 && self.indents.last().is_none_or(|it| *it < column) {
            self.indents.push(column);
        }
    }

    fn close(&mut self, column: usize) {
        if self.flow == 0 {
            self.indents.retain(|it| *it <= column);
        }
    }

    /// The least column of what belongs to the innermost mapping or sequence.
    fn least(&self) -> usize {
        self.indents.last().map_or(0, |it| it + 1)
    }

    fn is_blank_at(&self, at: usize) -> bool {
        self.rest[at..].chars().next().is_none_or(char::is_whitespace)
    }

    fn is_marker(&self) -> bool {
        let is_marked = self.rest.starts_with("---") || self.rest.starts_with("...");
        is_marked && self.is_blank_at(3)
    }

    fn refused(&self) -> String {
        let line = self.out.matches('\n').count() + 1;
        format!("line {line}, column {}: a tab is no indentation", self.column + 1)
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.out.push_str(taken);
        self.column = match taken.rsplit_once('\n') {
            Some((_, line)) => line.chars().count(),
            None => self.column + taken.chars().count(),
        };
        self.rest = rest;
    }

    fn take_until(&mut self, end: fn(char) -> bool) {
        self.take(self.rest.find(end).unwrap_or(self.rest.len()));
    }

    /// A space takes the place of a tab.
    fn replace(&mut self) {
        self.out.push(' ');
        self.column += 1;
        self.rest = &self.rest[1..];
    }

    /// A block of text: its head, and all lines that are deeper than what it stands in.
    fn take_block(&mut self) {
        let least = self.least();
        loop {
            self.take_until(|it| it == '\n');
            let Some(behind) = self.rest.strip_prefix('\n') else { return };
            let line = behind.split('\n').next().unwrap_or_default();
            let depth = line.len() - line.trim_start_matches(' ').len();
            let is_within = line.trim_start_matches(' ').is_empty() || depth >= least.max(1);
            if !is_within {
                return;
            }
            self.take(1);
        }
    }

    /// A text in quotes. Where a line of it begins, white space means nothing.
    fn take_quoted(&mut self, quote: char) -> bool {
        self.take(1);
        let mut is_line_start = false;
        while let Some(it) = self.rest.chars().next() {
            match it {
                '\\' if quote == '"' => {
                    let escaped = self.rest[1..].chars().next().map_or(0, char::len_utf8);
                    self.take(1 + escaped);
                }
                '\t' if is_line_start => {
                    self.replace();
                    continue;
                }
                ' ' if is_line_start => {
                    self.take(1);
                    continue;
                }
                _ => self.take(it.len_utf8()),
            }
            is_line_start = it == '\n';
            if it == quote {
                break;
            }
        }
        false
    }

    /// A text without quotes, over its lines; whether a line has ended behind it.
    fn take_plain(&mut self) -> Result<bool, String> {
        let is_flow = |it: char| matches!(it, ',' | '[' | ']' | '{' | '}');
        loop {
            while let Some(it) = self.rest.chars().next() {
                let ends = it == ':' && (self.is_blank_at(1) || self.flow > 0)
                    || self.flow > 0 && is_flow(it);
                if it.is_whitespace() || ends {
                    break;
                }
                self.take(it.len_utf8());
            }
            let mut has_ended = false;
            while let Some(it) = self.rest.chars().next().filter(|it| it.is_whitespace()) {
                let is_shallow = self.flow == 0 && self.column < self.least();
                if it == '\t' && has_ended && is_shallow {
                    return Err(self.refused());
                }
                has_ended |= it == '\n';
                self.take(it.len_utf8());
            }
            let is_shallow = self.flow == 0 && self.column < self.least();
            let next = self.rest.chars().next();
            let goes_on = next.is_some_and(|it| {
                it != '#'
                    && !(it == ':' && self.is_blank_at(1))
                    && !(self.flow > 0 && (is_flow(it) || it == ':'))
            });
            let is_marker = self.column == 0 && self.is_marker();
            if !goes_on || has_ended && (is_shallow || is_marker) {
                return Ok(has_ended);
            }
        }
    }
}
