//! What a container image's reference says.

use std::fmt;

/// A reference to a container image: `registry.example.com:5000/team/app:1.2@sha256:…`.
///
/// The grammar is that of the OCI distribution specification and of Docker's `reference`
/// package: a first part with a dot or a colon in it, or `localhost`, is a registry; a tag is at
/// most 128 characters; a digest names its algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageRef {
    registry: Option<String>,
    path: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Why a text is no image reference: a clause read after the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseImageRefError {
    /// There is nothing where the name should be.
    NoName,
    /// The name has a character or a part that names can't have.
    Name,
    /// The registry is no host with an optional port.
    Registry,
    /// The tag has a character that tags can't have, or is longer than 128 characters.
    Tag,
    /// The digest is not an algorithm, a colon and hexadecimal digits of the right number.
    Digest,
}

impl ImageRef {
    /// Reads a reference.
    ///
    /// # Errors
    /// If the text is not one, with the part that is not.
    pub fn parse(text: &str) -> Result<Self, ParseImageRefError> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        if digest.is_some_and(|it| !is_digest(it)) {
            return Err(ParseImageRefError::Digest);
        }
        // A colon before the last slash belongs to the registry's port.
        let last = rest.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match rest[last..].split_once(':') {
            Some((name, tag)) => (&rest[..last + name.len()], Some(tag)),
            None => (rest, None),
        };
        if tag.is_some_and(|it| !is_tag(it)) {
            return Err(ParseImageRefError::Tag);
        }
        let (registry, path) = match name.split_once('/') {
            Some((first, path)) if is_host_like(first) => (Some(first), path),
            _ => (None, name),
        };
        if registry.is_some_and(|it| !is_registry(it)) {
            return Err(ParseImageRefError::Registry);
        }
        if path.is_empty() {
            return Err(ParseImageRefError::NoName);
        }
        if !path.split('/').all(is_path_part) {
            return Err(ParseImageRefError::Name);
        }
        Ok(Self {
            registry: registry.map(str::to_owned),
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The registry's host, with its port if that is written; `None` stands for the default one,
    /// which is Docker Hub nearly everywhere.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The repository's path, without the registry: `library/nginx` or just `nginx`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tag, if one is written. Where neither a tag nor a digest is, `latest` is meant.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The reference without a digest and with all that is left out written: `nginx` is
    /// `docker.io/library/nginx:latest`, as Docker's `reference` package has it. Two references with
    /// the same full name name the same image, at a time.
    #[must_use]
    pub fn full_name(&self) -> String {
        let registry = match self.registry.as_deref() {
            None | Some("index.docker.io") => HUB,
            Some(it) => it,
        };
        let library = if registry == HUB && !self.path.contains('/') { "library/" } else { "" };
        let tag = self.tag.as_deref().unwrap_or("latest");
        format!("{registry}/{library}{}:{tag}", self.path)
    }

    /// The digest, if one is written: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }
}

/// The registry that is meant where none is written.
const HUB: &str = "docker.io";

/// Whether a first part names a registry rather than a part of the path.
fn is_host_like(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.contains(|it: char| it.is_uppercase())
}

fn is_registry(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            address.parse::<std::net::Ipv6Addr>().is_ok() && is_port(port)
        });
    }
    let (host, port) = text.find(':').map_or((text, ""), |at| text.split_at(at));
    let label = |it: &str| {
        !it.is_empty()
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && !it.starts_with('-')
            && !it.ends_with('-')
    };
    host.split('.').all(label) && is_port(port)
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

/// Lower-case letters and digits, separated by a dot, one or two underscores, or dashes.
fn is_path_part(part: &str) -> bool {
    let alphanumeric = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    ends.iter().all(|it| it.is_some_and(|it| alphanumeric(*it)))
        && part
            .split(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit())
            .all(|it| matches!(it, "" | "." | "_" | "__") || it.bytes().all(|it| it == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let word = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    (1..=128).contains(&tag.len())
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|it| word(it) || it == b'.' || it == b'-')
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64..=64,
        "sha384" => 96..=96,
        "sha512" => 128..=128,
        _ => 32..=usize::MAX,
    };
    algorithm.bytes().next().is_some_and(|it| it.is_ascii_alphabetic())
        && algorithm.bytes().all(|it| it.is_ascii_alphanumeric() || b"+.-_".contains(&it))
        && length.contains(&hex.len())
        && hex.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
}

/// Writes the reference as it was read.
impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.path)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ParseImageRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoName => "names no image",
            Self::Name => {
                "is no image name: parts are lower-case letters and digits with . _ - between"
            }
            Self::Registry => "begins with a registry that is no host",
            Self::Tag => "has a tag that is not made of letters, digits, . _ -",
            Self::Digest => "has a digest that is not like sha256: and 64 hexadecimal digits",
        })
    }
}

impl std::error::Error for ParseImageRefError {}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts<'a> = (Option<&'a str>, &'a str, Option<&'a str>, bool);

    fn parts(text: &str) -> Result<(ImageRef, String), ParseImageRefError> {
        ImageRef::parse(text).map(|it| (it.clone(), it.to_string()))
    }

    #[test]
    fn a_full_name_has_all_that_is_left_out() {
        for (text, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("docker.io/nginx:1", "docker.io/library/nginx:1"),
            ("index.docker.io/team/app", "docker.io/team/app:latest"),
            ("host:5000/app:edge", "host:5000/app:edge"),
        ] {
            assert_eq!(ImageRef::parse(text).unwrap().full_name(), full);
        }
    }

    #[test]
    fn a_reference_is_taken_apart_and_written_as_it_was() {
        let digest = format!("sha256:{}", "a1".repeat(32));
        let cases: [(String, Parts<'_>); 9] = [
            ("nginx".into(), (None, "nginx", None, false)),
            ("nginx:1.27".into(), (None, "nginx", Some("1.27"), false)),
            ("library/nginx:V_1".into(), (None, "library/nginx", Some("V_1"), false)),
            ("localhost/a/b".into(), (Some("localhost"), "a/b", None, false)),
            ("host:5000/app".into(), (Some("host:5000"), "app", None, false)),
            ("ghcr.io/a/b:c".into(), (Some("ghcr.io"), "a/b", Some("c"), false)),
            ("[::1]:5000/a:b".into(), (Some("[::1]:5000"), "a", Some("b"), false)),
            (format!("nginx@{digest}"), (None, "nginx", None, true)),
            (format!("r.io/a__b-c:x@{digest}"), (Some("r.io"), "a__b-c", Some("x"), true)),
        ];
        for (text, (registry, path, tag, has_digest)) in cases {
            let (image, written) = parts(&text).unwrap();
            assert_eq!(image.registry(), registry, "{text}");
            assert_eq!(image.path(), path, "{text}");
            assert_eq!(image.tag(), tag, "{text}");
            assert_eq!(image.digest().is_some(), has_digest, "{text}");
            assert_eq!(written, text);
        }
    }

    #[test]
    fn what_is_no_reference_says_which_part() {
        let long = format!("a:{}", "t".repeat(129));
        for (text, error) in [
            ("", ParseImageRefError::NoName),
            ("r.io/", ParseImageRefError::NoName),
            ("Nginx", ParseImageRefError::Name),
            ("a//b", ParseImageRefError::Name),
            ("a___b", ParseImageRefError::Name),
            ("a-", ParseImageRefError::Name),
            ("a b", ParseImageRefError::Name),
            ("-.io/a", ParseImageRefError::Registry),
            ("host:port/a", ParseImageRefError::Registry),
            ("a:", ParseImageRefError::Tag),
            ("a:.b", ParseImageRefError::Tag),
            (&long, ParseImageRefError::Tag),
            ("a@sha256:12", ParseImageRefError::Digest),
            ("a@b@c", ParseImageRefError::Digest),
        ] {
            assert_eq!(ImageRef::parse(text), Err(error), "{text}");
        }
    }
}
