//! What someone meant who misspelt a name.

/// The name that is nearest to what was written, if one is near.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = |name: &'a str| {
        let distance = strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase());
        (distance <= 1 + name.len() / 4).then_some((distance, name))
    };
    names.into_iter().filter_map(near).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_seen_and_another_word_is_none() {
        let names = ["image-floating-tag", "unreadable-file", "paths", "profile"];
        assert_eq!(nearest("image-flaoting-tag", names), Some("image-floating-tag"));
        assert_eq!(nearest("Path", names), Some("paths"));
        assert_eq!(nearest("profiles", names), Some("profile"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(nearest("", names), None);
    }
}
