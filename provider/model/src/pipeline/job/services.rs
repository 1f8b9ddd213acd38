//! What runs beside a job.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, at_least, matches, not_blank, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::{Draft, Part, Remains, Scope};
use crate::pipeline::expression::{identifiers, one_line, plain, variables};
use crate::pipeline::lens::{
    Texts, entries, known, list, settled, text_at, texts, texts_at, unmixed,
};
use crate::{Duration, ImageRef, NotKnown, is_duration, same_duration};

/// What runs beside a job.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Services {
    /// Containers that run beside the job: name → image and settings. The job reaches one on
    /// `localhost` by its ports.
    #[attr(optional, check = not_empty(), check = identifiers())]
    pub services: Leaf<BTreeMap<String, Leaf<Service>>>,
}

/// A container beside a job.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Service {
    /// The image, with its digest: `postgres:16@sha256:…`.
    #[attr(required, check = is_pinned())]
    pub image: Leaf<String>,
    /// The ports, each as `HOST:CONTAINER`, or as that of the container alone.
    #[attr(optional, check = not_empty(), check = are_ports())]
    pub ports: Leaf<Vec<Leaf<String>>>,
    /// The container's environment variables: name → value.
    #[attr(optional, check = not_empty(), check = plain(), check = variables())]
    pub env: Leaf<BTreeMap<String, Leaf<String>>>,
    /// How it is seen that the service is ready. The job's steps wait for that.
    #[attr(optional)]
    pub health: Leaf<Health>,
}

/// How it is seen that a service is ready.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Health {
    /// The command, which a shell in the container runs: `pg_isready`.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub command: Leaf<String>,
    /// The time between two tries.
    #[attr(optional, default = "10s", check = is_duration(), same = same_duration)]
    pub interval: Leaf<String>,
    /// After how long a try counts as failed.
    #[attr(optional, default = "5s", check = is_duration(), same = same_duration)]
    pub timeout: Leaf<String>,
    /// How many tries may fail.
    #[attr(optional, default = 5, check = at_least(1))]
    pub retries: Leaf<u8>,
}

fn is_pinned() -> Check {
    matches(
        "must be an image with its digest, as a tag can be moved to another image: \
         \"postgres:16@sha256:…\"",
        |it| ImageRef::parse(it).is_ok_and(|it| it.digest().is_some()),
    )
}

fn are_ports() -> Check {
    let is_port =
        |it: &str| it.parse::<u16>().is_ok_and(|it| it > 0) && !it.starts_with(['+', '0']);
    let is_pair = move |it: &str| match it.split_once(':') {
        Some((host, container)) => is_port(host) && is_port(container),
        None => is_port(it),
    };
    Check::new("must be ports, such as \"5432:5432\" or \"5432\"", move |it| {
        it.parts().all(|it| it.as_str().is_none_or(is_pair))
    })
}

impl Part for Services {
    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(services) = known(&self.services)? else { return Ok(()) };
        let mut all = Vec::new();
        for (name, it) in services {
            if let Some(it) = known(it)? {
                all.push((name.as_str(), it.item()?));
            }
        }
        if !all.is_empty() {
            draft.keys.push(("services", Item::map(all)));
        }
        Ok(())
    }

    fn read(prior: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let prior = prior.and_then(|it| it.services.known());
        let services = found.node.get("services").map(Node::entries).unwrap_or_default();
        let read = services.iter().map(|it| {
            let before = prior.and_then(|prior| prior.get(&*it.key));
            let read = Leaf::Known(Service::of(before.and_then(Leaf::known), &it.value));
            (it.key.to_string(), settled(before, read, |it| it.item().map(Some)))
        });
        let read: BTreeMap<_, _> = read.collect();
        Self { services: if read.is_empty() { Leaf::Null } else { Leaf::Known(read) } }
    }
}

impl Service {
    fn item(&self) -> Result<Item, NotKnown> {
        let mut all = Vec::new();
        if let Some(image) = known(&self.image)? {
            all.push(("image", Item::string(image.as_str())));
        }
        let env = entries(&self.env)?;
        if !env.is_empty() {
            all.push(("env", Item::map(env.into_iter().map(|(key, it)| (key, Item::string(it))))));
        }
        if let Some(ports) = known(&self.ports)? {
            all.push(("ports", list(texts(ports)?)));
        }
        if let Some(health) = known(&self.health)? {
            all.push(("options", Item::string(health.options()?)));
        }
        Ok(Item::map(all))
    }

    fn of(prior: Option<&Self>, found: &Node) -> Self {
        let health = found.get("options").and_then(Node::as_str).and_then(Health::of);
        let health = health.map_or(Leaf::Null, Leaf::Known);
        let env: Texts = unmixed(found.get("env")).0;
        Self {
            image: text_at(found, "image"),
            ports: texts_at(found, "ports"),
            env,
            health: settled(prior.map(|it| &it.health), health, |it| {
                it.options().map(|it| Some(Item::string(it)))
            }),
        }
    }
}

impl Health {
    /// The options of `docker create`.
    fn options(&self) -> Result<String, NotKnown> {
        let command = known(&self.command)?.map(String::as_str).unwrap_or_default();
        let seconds = |it: &Leaf<String>, default: &str| {
            let text = known(it)?.map_or(default, String::as_str);
            Ok::<_, NotKnown>(Duration::parse(text).unwrap_or_default().seconds())
        };
        let interval = seconds(&self.interval, "10s")?;
        let timeout = seconds(&self.timeout, "5s")?;
        let retries = known(&self.retries)?.copied().unwrap_or(5);
        Ok(format!(
            "--health-cmd {} --health-interval {interval}s --health-timeout {timeout}s \
             --health-retries {retries}",
            as_argument(command)
        ))
    }

    /// What [`Health::options`] wrote, or somebody else for whom it means the same; what it would not
    /// write is not read, and without a command nothing is.
    fn of(options: &str) -> Option<Self> {
        let (_, rest) = options.split_once("--health-cmd")?;
        let rest = rest.strip_prefix([' ', '='])?;
        let command = if rest.starts_with('"') {
            first_argument(rest)
        } else {
            rest.split_whitespace().next().filter(|it| !it.contains('\'')).map(str::to_owned)
        }?;
        let after = |flag: &str| {
            let rest = options.rsplit_once(&format!(" {flag}"))?.1.strip_prefix([' ', '='])?;
            rest.split_whitespace().next().map(str::to_owned)
        };
        let time = |flag: &str| {
            let read = after(flag).and_then(|it| Duration::parse(&it).ok());
            read.map(|it| it.to_string()).map_or(Leaf::Null, Leaf::Known)
        };
        let retries = after("--health-retries").and_then(|it| it.parse().ok());
        Some(Self {
            command: command.into(),
            interval: time("--health-interval"),
            timeout: time("--health-timeout"),
            retries: retries.map_or(Leaf::Null, Leaf::Known),
        })
    }
}

/// A text as one argument, as the runner takes arguments apart: a backslash before a quote, and each
/// one of a row of them before a quote, stands for the next character.
fn as_argument(text: &str) -> String {
    let mut out = String::from("\"");
    let mut slashes = 0;
    for it in text.chars() {
        if it == '\\' {
            slashes += 1;
        } else {
            if it == '"' {
                out.extend(std::iter::repeat_n('\\', slashes + 1));
            }
            slashes = 0;
        }
        out.push(it);
    }
    out.extend(std::iter::repeat_n('\\', slashes));
    out.push('"');
    out
}

/// The text of the first argument, which stands in quotes.
fn first_argument(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut slashes = 0;
    for it in text.strip_prefix('"')?.chars() {
        match it {
            '\\' => slashes += 1,
            '"' => {
                out.extend(std::iter::repeat_n('\\', slashes / 2));
                if slashes % 2 == 0 {
                    return Some(out);
                }
                out.push('"');
                slashes = 0;
            }
            it => {
                out.extend(std::iter::repeat_n('\\', slashes));
                slashes = 0;
                out.push(it);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_argument_whatever_is_in_it() {
        for (command, written) in [
            ("pg_isready", r#""pg_isready""#),
            (r#"sh -c "a b""#, r#""sh -c \"a b\"""#),
            (r"a\b\", r#""a\b\\""#),
            (r#"a\"b"#, r#""a\\\"b""#),
            (r#"" --privileged ""#, r#""\" --privileged \"""#),
        ] {
            assert_eq!(as_argument(command), written);
            let options =
                Health { command: command.into(), ..Health::default() }.options().unwrap();
            let read = Health::of(&options).unwrap();
            assert_eq!((read.command, read.retries), (command.into(), Leaf::Known(5)));
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_read_if_it_means_the_same() {
        let read = Health::of("--cpus 1 --health-cmd=pg_isready --health-retries=3").unwrap();
        assert_eq!((read.command, read.retries), ("pg_isready".into(), Leaf::Known(3)));
        let read = Health::of("--health-cmd \"redis-cli ping\" --health-interval 1m ").unwrap();
        assert_eq!((read.command, read.interval), ("redis-cli ping".into(), "1m".into()));
        for options in ["", "--cpus 1", "--health-cmd", "--health-cmd 'a b'"] {
            assert_eq!(Health::of(options), None, "{options}");
        }
    }
}
