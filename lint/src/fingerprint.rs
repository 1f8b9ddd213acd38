//! What a finding is recognised by after its file was moved, renamed or indented anew: never a line
//! number.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Location};

/// A fingerprint of each finding, in their order. Of several that are alike each has its own. The
/// text of a secret has no part in it.
pub(crate) fn all(findings: &[&Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut out = Vec::with_capacity(findings.len());
    for it in findings {
        let text = if it.is_secret { String::new() } else { snippet(it) };
        let address = it.subjects.iter().find_map(|it| it.address.as_deref()).unwrap_or_default();
        let first = digest(&[&it.rule, address, &text]);
        let number = seen.entry(first.clone()).or_default();
        out.push(match *number {
            0 => first,
            more => digest(&[&first, &more.to_string()]),
        });
        *number += 1;
    }
    out
}

/// The text at fault, and those of where its value is written, with all blanks made equal.
pub(crate) fn snippet(finding: &Finding) -> String {
    let texts = std::iter::once(&finding.place).chain(finding.origins());
    texts.map(normal).collect::<Vec<_>>().join("\n")
}

fn normal(at: &Location) -> String {
    at.snippet().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// 32 hexadecimal digits of texts, none of which can pass for the end of another.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hex(&hash.finalize()[..16])
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
