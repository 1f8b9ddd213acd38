//! The job that builds an image and judges it, and the one that pushes it.

use stanchion_cty::Number;
use stanchion_cty::yaml::Item;

use super::{CONTEXT, Image, PLATFORM, Registry, input};
use crate::NotKnown;
use crate::pipeline::actions::Pins;
use crate::pipeline::expression::marked;
use crate::pipeline::gate;
use crate::pipeline::job::{Draft, IS_ACCEPTED, Part, Status};
use crate::pipeline::lens::{entries, known};
use crate::pipeline::made::{Made, Script, Title, uses};
use crate::pipeline::oidc::Oidc;
use crate::pipeline::scope::Scope;

pub(super) const BUILD: &str = "docker/build-push-action";
pub(super) const UPLOAD: &str = "actions/upload-artifact";
pub(super) const DOWNLOAD: &str = "actions/download-artifact";
pub(super) const COSIGN: &str = "sigstore/cosign-installer";

/// The files that one job leaves for the other.
const ARCHIVE: &str = "image.tar";
const SBOM: &str = "sbom.json";

/// What the job is called that builds an image, and the one that pushes it.
pub(in crate::pipeline) fn titles(image: &str) -> [Title; 2] {
    [("image", build_id(image)), ("publish", publish_id(image))]
        .map(|(deed, id)| Title { id, name: format!("{deed} {image}") })
}

/// The id of the job that builds an image.
pub(in crate::pipeline) fn build_id(image: &str) -> String {
    format!("{BUILD_PREFIX}{image}")
}

/// The id of the job that pushes it.
pub(in crate::pipeline) fn publish_id(image: &str) -> String {
    format!("publish-{image}")
}

/// How the ids of jobs begin that build images.
pub(in crate::pipeline) const BUILD_PREFIX: &str = "image-";

/// What is said to the program that builds: an archive in the layout of the Open Container Initiative,
/// and in it the image alone.
const OUTPUT: &str = "type=oci,dest=image.tar";

const LIST: &str = "\"$SYFT\" scan \"oci-archive:$ARCHIVE\" --output \"cyclonedx-json=$SBOM\"\n";

/// The job that builds an image, measures it and scans it.
pub(in crate::pipeline) fn build(
    id: &str,
    image: &Image,
    keeps: bool,
    pins: Pins<'_>,
) -> Result<Made, NotKnown> {
    let mut draft = Draft::default();
    let made = build_id(id);
    let cx = Scope::alone(&made, pins, keeps);
    image.paths.render(&cx, &mut draft)?;
    image.timeout.render(&cx, &mut draft)?;
    let reads = Item::string("read").beside("to build what is in the repository");
    draft.keys.push(("permissions", Item::map([("contents", reads)])));
    let digest = marked("steps.measure.outputs.digest");
    draft.keys.push(("outputs", Item::map([("digest", Item::string(digest))])));
    let buildx = pins.uses("docker/setup-buildx-action")?;
    draft.work.push(uses("", "", None, buildx, Vec::new()));
    draft.work.push(uses("Build", "build", None, pins.uses(BUILD)?, build_inputs(image, keeps)?));
    let text = |it: &str| Item::string(it);
    let measure = Script {
        id: "measure",
        name: "Measure",
        env: vec![
            ("ARCHIVE", text(ARCHIVE)),
            ("MAX_SIZE", text(&image.limit()?.bytes().to_string())),
            ("PLATFORM", text(known(&image.platform)?.map_or(PLATFORM, String::as_str))),
        ],
        run: include_str!("measure.sh"),
        ..Script::default()
    };
    draft.work.push(measure.item());
    let syft = pins.uses("anchore/sbom-action/download-syft")?;
    draft.work.push(uses("", "syft", None, syft, Vec::new()));
    let list = Script {
        name: "List what is in it",
        env: vec![
            ("SYFT", text(&marked("steps.syft.outputs.cmd"))),
            ("ARCHIVE", text(ARCHIVE)),
            ("SBOM", text(SBOM)),
        ],
        run: LIST,
        ..Script::default()
    };
    draft.work.push(list.item());
    let grype = pins.uses("anchore/scan-action/download-grype")?;
    draft.work.push(uses("", "grype", None, grype, Vec::new()));
    let most = known(&image.max_critical_cves)?.copied().unwrap_or_default();
    let scan = Script {
        id: "scan",
        name: "Scan",
        env: vec![
            ("GRYPE", text(&marked("steps.grype.outputs.cmd"))),
            ("SBOM", text(SBOM)),
            ("MAX_CRITICAL", text(&most.to_string())),
        ],
        run: include_str!("scan.sh"),
        ..Script::default()
    };
    draft.work.push(scan.item());
    let keeps_list = known(&image.sbom)?.copied().unwrap_or(true);
    let files = if keeps_list { format!("{ARCHIVE}\n{SBOM}\n") } else { ARCHIVE.to_owned() };
    let kept = vec![
        ("name", text(&made)),
        ("path", text(&files)),
        ("if-no-files-found", text("error")),
        ("compression-level", Item::from(Number::from(0))),
    ];
    let accepted = marked(IS_ACCEPTED);
    draft.after.push(uses("Keep", "keep", Some(&accepted), pins.uses(UPLOAD)?, kept));
    let [title, _] = titles(id);
    Ok(Made { title, draft })
}

fn build_inputs(image: &Image, keeps: bool) -> Result<Vec<(&'static str, Item)>, NotKnown> {
    let text = |it: &str| Item::string(it);
    let context = known(&image.context)?.map_or(CONTEXT, String::as_str);
    let mut with = vec![("context", text(context))];
    with.extend(known(&image.dockerfile)?.map(|it| ("file", text(it))));
    let args: Vec<String> =
        entries(&image.args)?.into_iter().map(|(key, it)| format!("{key}={it}\n")).collect();
    if !args.is_empty() {
        with.push(("build-args", text(&args.concat())));
    }
    with.push(("platforms", text(known(&image.platform)?.map_or(PLATFORM, String::as_str))));
    with.push(("outputs", text(OUTPUT)));
    with.push(("provenance", Item::from(false)));
    if keeps {
        with.push(("cache-from", text("type=gha")));
        with.push(("cache-to", text("type=gha,mode=max")));
    }
    Ok(with)
}

/// What is around the job that pushes an image.
#[derive(Clone, Copy, Debug)]
pub(in crate::pipeline) struct Around<'a> {
    pub(in crate::pipeline) pins: Pins<'a>,
    pub(in crate::pipeline) oidc: Option<&'a Oidc>,
    /// Whether a person may name an earlier digest.
    pub(in crate::pipeline) is_asked: bool,
}

/// The job that pushes an image, or finds the earlier one that a person names.
pub(in crate::pipeline) fn publish(
    id: &str,
    image: &Image,
    cx: &Around<'_>,
) -> Result<Made, NotKnown> {
    let mut draft = Draft { status: Status::NoFailure, has_no_files: true, ..Draft::default() };
    let (made, built) = (publish_id(id), build_id(id));
    draft.needs.extend([gate::ID.to_owned(), built.clone()]);
    draft.conditions.extend([gate::IS_PASSED, IS_ACCEPTED].map(str::to_owned));
    let earlier = format!("inputs.{}", input(id));
    let succeeded = format!("needs.{built}.result == 'success'");
    draft.conditions.push(match cx.is_asked {
        true => format!("({succeeded} || {earlier} != '')"),
        false => succeeded,
    });
    let (registry, kind) = image.registry()?;
    let signs = known(&image.sign)?.copied().unwrap_or(true);
    let lists = known(&image.sbom)?.copied().unwrap_or(true);
    let mut permissions = Vec::new();
    if signs || kind == Registry::Amazon {
        let reason = if signs { "to sign the image" } else { "to log in to the registry" };
        permissions.push(("id-token", Item::string("write").beside(reason)));
    }
    if kind == Registry::GitHub {
        permissions.push(("packages", Item::string("write").beside("to push the image")));
    }
    draft.keys.push(("permissions", Item::map(permissions)));
    image.timeout.render(&Scope::alone(&made, cx.pins, false), &mut draft)?;
    if let Some(login) = known(&image.login)? {
        let name = known(&login.environment)?.map(String::as_str).unwrap_or_default();
        draft.keys.push(("environment", Item::string(name)));
    }
    let found = if cx.is_asked {
        marked("steps.publish.outputs.digest || steps.earlier.outputs.digest")
    } else {
        marked("steps.publish.outputs.digest")
    };
    // The digest alone: GitHub keeps back an output that has a secret in it, and the user who logs in is
    // often a secret and part of the repository's name.
    draft.keys.push(("outputs", Item::map([("digest", Item::string(found))])));
    draft.work.extend(log_in(image, &registry, kind, cx)?);
    let (is_new, is_earlier) =
        (marked(&format!("{earlier} == ''")), marked(&format!("{earlier} != ''")));
    let is_new = cx.is_asked.then_some(is_new.as_str());
    let text = |it: &str| Item::string(it);
    let download = vec![("name", text(&built))];
    draft.work.push(uses("", "", is_new, cx.pins.uses(DOWNLOAD)?, download));
    let repository = known(&image.repository)?.map(String::as_str).unwrap_or_default();
    let digest = format!("needs.{built}.outputs.digest");
    let push = Script {
        id: "publish",
        name: "Push",
        condition: is_new,
        env: vec![
            ("ARCHIVE", text(ARCHIVE)),
            ("REPOSITORY", text(repository)),
            ("DIGEST", text(&marked(&digest))),
            ("TAG", text(&format!("sha-{}", marked("github.sha")))),
        ],
        run: include_str!("publish.sh"),
    };
    draft.work.push(push.item());
    if cx.is_asked {
        let find = Script {
            id: "earlier",
            name: "Find the earlier image",
            condition: Some(&is_earlier),
            env: vec![("REPOSITORY", text(repository)), ("DIGEST", text(&marked(&earlier)))],
            run: include_str!("earlier.sh"),
        };
        draft.work.push(find.item());
    }
    if signs {
        draft.after.push(uses("", "", is_new, cx.pins.uses(COSIGN)?, Vec::new()));
        let sign = Script {
            id: "sign",
            name: "Sign",
            condition: is_new,
            env: vec![
                ("IMAGE", text(&marked("steps.publish.outputs.image"))),
                ("SBOM", text(if lists { SBOM } else { "" })),
            ],
            run: include_str!("sign.sh"),
        };
        draft.after.push(sign.item());
    }
    let [_, title] = titles(id);
    Ok(Made { title, draft })
}

/// Cosign too reads who has logged in there.
const LOG_IN: &str = r#"mkdir -p "$HOME/.docker"
skopeo login --authfile "$HOME/.docker/config.json" \
  --username "$USERNAME" --password-stdin "$REGISTRY" <<< "$PASSWORD"
"#;
const LOG_IN_AT_AMAZON: &str = r#"mkdir -p "$HOME/.docker"
aws ecr get-login-password \
  | skopeo login --authfile "$HOME/.docker/config.json" --username AWS --password-stdin "$REGISTRY"
"#;

/// The steps that log in to a registry.
fn log_in(
    image: &Image,
    registry: &str,
    kind: Registry,
    cx: &Around<'_>,
) -> Result<Vec<Item>, NotKnown> {
    let text = |it: &str| Item::string(it);
    let mut env = vec![("REGISTRY", text(registry))];
    let mut steps = Vec::new();
    let mut run = LOG_IN;
    let from = match kind {
        Registry::GitHub => Some(("github.actor".to_owned(), "github.token".to_owned())),
        Registry::Amazon => {
            run = LOG_IN_AT_AMAZON;
            let role = known(&image.role)?.map(String::as_str);
            steps.extend(cx.oidc.map(|it| it.step("", role, cx.pins)).transpose()?);
            None
        }
        Registry::Other => match known(&image.login)? {
            Some(it) => {
                let said = |it| Ok::<_, NotKnown>(known(it)?.cloned().unwrap_or_default());
                Some((said(&it.username_from)?, said(&it.password_from)?))
            }
            None => None,
        },
    };
    if let Some((username, password)) = from {
        env.push(("USERNAME", text(&marked(&username))));
        env.push(("PASSWORD", text(&marked(&password))));
    }
    steps.push(Script { id: "login", name: "Log in", env, run, ..Script::default() }.item());
    Ok(steps)
}
