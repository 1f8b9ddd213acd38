//! CSV as Terraform reads it: RFC 4180 to the letter.

use std::sync::Arc;

use stanchion_cty::{Type, Value};

use super::super::{Refused, limit};

/// A list of objects: the first record has the names of their attributes.
pub(super) fn decode(text: &str) -> Result<Value, Refused> {
    let mut reader = Reader { rest: text, line: 1 };
    let Some((_, names)) = reader.record()? else { return Err("missing header line".into()) };
    let names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            return Err(format!("duplicate column name {name:?}").into());
        }
    }
    let ty = Type::object(names.iter().map(|it| (it.clone(), Type::String)));
    let mut rows = Vec::new();
    while let Some((line, fields)) = reader.record()? {
        if fields.len() != names.len() {
            return Err(refused(line, "wrong number of fields"));
        }
        limit::elements(rows.len().saturating_mul(names.len()))?;
        let fields = names.iter().cloned().zip(fields.into_iter().map(Value::from));
        rows.push(Value::object(fields));
    }
    Ok(Value::list(ty, rows))
}

fn refused(line: usize, why: &str) -> Refused {
    format!("CSV parse error on line {line}: {why}").into()
}

struct Reader<'a> {
    rest: &'a str,
    /// The line that `rest` begins in, counted from 1.
    line: usize,
}

impl Reader<'_> {
    /// The next record and its line. Empty lines are no records.
    fn record(&mut self) -> Result<Option<(usize, Vec<String>)>, Refused> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            match self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
                Some(rest) => (self.rest, self.line) = (rest, self.line + 1),
                None if self.rest == "\r" => return Ok(None),
                None => break,
            }
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            let (field, is_last) = match self.rest.strip_prefix('"') {
                Some(rest) => {
                    self.rest = rest;
                    self.quoted()?
                }
                None => self.plain()?,
            };
            fields.push(field);
            if is_last {
                return Ok(Some((line, fields)));
            }
        }
    }

    /// A field without quotes, and whether it ends the record.
    fn plain(&mut self) -> Result<(String, bool), Refused> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (field, behind) = self.rest.split_at(end);
        if field.contains('"') {
            return Err(refused(self.line, "bare \" in non-quoted field"));
        }
        if let Some(rest) = behind.strip_prefix(',') {
            self.rest = rest;
            return Ok((field.to_owned(), false));
        }
        self.rest = behind.strip_prefix('\n').unwrap_or(behind);
        self.line += 1;
        Ok((field.strip_suffix('\r').unwrap_or(field).to_owned(), true))
    }

    /// What follows an opening quote, and whether it ends the record.
    fn quoted(&mut self) -> Result<(String, bool), Refused> {
        const WRONG: &str = "extraneous or missing \" in quoted-field";
        let mut field = String::new();
        loop {
            let Some((text, behind)) = self.rest.split_once('"') else {
                let lines = self.rest.matches('\n').count();
                return Err(refused(self.line + lines, WRONG));
            };
            field.push_str(&text.replace("\r\n", "\n"));
            self.line += text.matches('\n').count();
            self.rest = behind;
            if let Some(rest) = behind.strip_prefix('"') {
                field.push('"');
                self.rest = rest;
            } else if let Some(rest) = behind.strip_prefix(',') {
                self.rest = rest;
                return Ok((field, false));
            } else {
                let at_end = ["\r\n", "\n"].iter().find_map(|it| behind.strip_prefix(it));
                let is_end = matches!(behind, "" | "\r");
                let Some(rest) = at_end.or(is_end.then_some("")) else {
                    return Err(refused(self.line, WRONG));
                };
                self.rest = rest;
                self.line += 1;
                return Ok((field, true));
            }
        }
    }
}
