//! The life of a document: rendered, written whole, read back, removed.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, Failure, Managed};
use stanchion_model::{Document, Held};

use crate::provider::Stanchion;
use crate::target::Expected;

/// A document as a resource.
pub(crate) struct Documented<D>(PhantomData<fn() -> D>);

impl<D> Default for Documented<D> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// The target that documents are held by, as identifiers for import name it.
const LOCAL: &str = "local:";

impl<D: Document> Managed<Stanchion> for Documented<D> {
    const TYPE: &'static str = D::TYPE;
    type State = D;

    fn validate(&self, config: &D) -> Problems {
        config.check()
    }

    async fn plan(
        &self,
        prior: Option<&D>,
        mut planned: D,
        _: &D,
        _: &mut Context<Stanchion>,
    ) -> Result<D, Problems> {
        let problems = planned.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let tree = planned.render();
        let held = Held {
            path: tree.address.clone(),
            sha256: tree.sha256(),
            content: tree.text(),
            unmanaged: BTreeMap::new().into(),
        };
        // The same document in another layout is not worth a change.
        let is_same = |before: &&Held| {
            before.sha256 == held.sha256 && before.path == held.path && !held.sha256.is_unknown()
        };
        let before = prior.map(Document::held);
        let before = before.filter(is_same).filter(|it| it.unmanaged == held.unmanaged);
        *planned.held_mut() = before.cloned().unwrap_or(held);
        Ok(planned)
    }

    async fn create(&self, planned: D, _: D, cx: &mut Context<Stanchion>) -> Result<D, Failure<D>> {
        let document = written(planned)?;
        let (address, text) = place(&document)?;
        cx.client().local()?.write(address, Expected::Nothing, text)?;
        Ok(document)
    }

    async fn read(&self, state: D, cx: &mut Context<Stanchion>) -> Result<Option<D>, Problems> {
        let path = known(&state.held().path, "path")?;
        let found = cx.client().local().and_then(|it| it.read(path))?;
        Ok(found.map(|found| D::observe(Some(&state), &found).document))
    }

    async fn update(
        &self,
        prior: D,
        planned: D,
        _: D,
        cx: &mut Context<Stanchion>,
    ) -> Result<D, Failure<D>> {
        let document = written(planned)?;
        let (address, text) = place(&document)?;
        let seen = known(&prior.held().sha256, "sha256")?;
        cx.client().local()?.write(address, Expected::Digest(seen), text)?;
        Ok(document)
    }

    async fn delete(&self, state: D, cx: &mut Context<Stanchion>) -> Result<(), Problems> {
        let path = known(&state.held().path, "path")?;
        let seen = known(&state.held().sha256, "sha256")?;
        cx.client().local().and_then(|it| it.remove(path, seen)).map_err(Problems::from)
    }

    async fn import(&self, id: &str, cx: &mut Context<Stanchion>) -> Result<D, Problems> {
        let Some(address) = id.strip_prefix(LOCAL) else {
            let problem = Problem::error(Path::root(), format!("has no import id {id:?}"));
            let cure = "give the target and the path, as in \"local:.github/workflows/ci.yml\"";
            return Err(problem.cure(cure).into());
        };
        let found = cx.client().local().and_then(|it| it.read(address))?;
        let Some(found) = found else {
            let message = format!("can't be imported, as there is no {address}");
            let cure = "give a path below the root, which is that of the nearest `.git`";
            return Err(Problem::error(Path::root(), message).cure(cure).into());
        };
        let observed = D::observe(None, &found);
        if !observed.only_configured.is_empty() {
            let fields: Vec<String> =
                observed.only_configured.iter().map(ToString::to_string).collect();
            let message = format!("can't read back {}", fields.join(", "));
            let cure = "say them in the configuration; the next plan shows them as added";
            cx.warn(Problem::warning(Path::root(), message).cure(cure));
        }
        Ok(observed.document)
    }
}

/// The document with what stands at its target once it is written.
fn written<D: Document>(mut planned: D) -> Result<D, Problems> {
    let tree = planned.render();
    let before = planned.held();
    // What was planned is kept to the letter, also where a later renderer would lay it out anew.
    let content = if before.content.is_unknown() { tree.text() } else { before.content.clone() };
    let sha256 = if before.sha256.is_unknown() { tree.sha256() } else { before.sha256.clone() };
    let path = if before.path.is_unknown() { tree.address } else { before.path.clone() };
    let unmanaged = BTreeMap::new().into();
    *planned.held_mut() = Held { path, content, sha256, unmanaged };
    Ok(planned)
}

fn place<D: Document>(document: &D) -> Result<(&str, &str), Problems> {
    let held = document.held();
    Ok((known(&held.path, "path")?, known(&held.content, "content")?))
}

fn known<'a>(leaf: &'a Leaf<String>, name: &str) -> Result<&'a str, Problems> {
    leaf.known().map(String::as_str).ok_or_else(|| {
        let problem = Problem::error(Path::root().attribute(name), "is missing from the state");
        problem.cure("remove the resource from the state and import it").into()
    })
}
