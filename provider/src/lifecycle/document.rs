//! The life of a document: rendered, written whole, read back, removed.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, Failure, Managed};
use stanchion_model::{Document, Held};

use super::claims::{Planned, held};
use crate::provider::Stanchion;
use crate::target::{Expected, Target};

/// A document as a resource.
pub(crate) struct Documented<D>(PhantomData<fn() -> D>);

impl<D> Default for Documented<D> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// In the private data, the folders that we have made for the document, one to a line. Those that
/// are empty go with it, and no others.
const FOLDERS: &str = "folders";

/// In the private data of a plan, its number.
const NUMBER: &str = "plan";

/// In the private data, what tells the object from all others.
const MARK: &str = "mark";

/// In the private data, where the target was when the document was last seen there.
const PLACE: &str = "place";

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
        cx: &mut Context<Stanchion>,
    ) -> Result<D, Problems> {
        let problems = planned.check();
        // Warnings were told when the configuration was validated.
        if problems.has_error() {
            return Err(problems);
        }
        planned.complete();
        let tree = planned.render();
        let held = Held {
            path: tree.address.clone(),
            sha256: tree.sha256(),
            content: tree.text(),
            unmanaged: BTreeMap::new().into(),
        };
        if let Some(address) = held.path.known() {
            if let Ok(target) = cx.client().target() {
                target.judge(address)?;
            }
            let private = |name| cx.private.get(name).map(str::to_owned);
            let object = Planned {
                is_new: prior.is_none(),
                // What is to be replaced is planned again, as new, with the private data of the
                // first time.
                number: private(NUMBER).filter(|_| prior.is_none()),
                mark: private(MARK),
                digest: held.sha256.known().cloned(),
            };
            let mut warning = None;
            let number = cx.client().claims.plan(address, object, |it| warning = Some(it))?;
            if let Some(warning) = warning {
                cx.warn(warning);
            }
            cx.private.set(NUMBER, number);
        }
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
        write(&document, Expected::Nothing, cx).await?;
        Ok(document)
    }

    async fn read(&self, state: D, cx: &mut Context<Stanchion>) -> Result<Option<D>, Problems> {
        let address = known(&state.held().path, "path")?;
        let target = cx.client().target()?;
        let found = target.read(address).await?;
        let place = target.place().to_owned();
        let before = cx.private.get(PLACE).filter(|it| !it.is_empty() && *it != place);
        if let Some(problem) = before.and_then(|it| target.left_behind(it, address)) {
            cx.warn(problem);
        }
        if found.is_none() {
            cx.client().claims.gone(address);
        }
        cx.private.set(PLACE, place);
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
        let before = known(&prior.held().path, "path")?;
        if before == known(&document.held().path, "path")? {
            let seen = known(&prior.held().sha256, "sha256")?;
            write(&document, Expected::Digest(seen), cx).await?;
            return Ok(document);
        }
        // The document moves: what was before goes once what is new stands.
        let folders = folders(cx);
        write(&document, Expected::Nothing, cx).await?;
        match remove(&prior, folders, cx).await {
            Ok(()) => Ok(document),
            Err(problems) => Err(Failure { state: Some(document), problems }),
        }
    }

    async fn delete(&self, state: D, cx: &mut Context<Stanchion>) -> Result<(), Problems> {
        remove(&state, folders(cx), cx).await
    }

    async fn import(&self, id: &str, cx: &mut Context<Stanchion>) -> Result<D, Problems> {
        let target = cx.client().target()?;
        let Some(address) = within(target, id) else {
            let problem = Problem::error(Path::root(), format!("has no import id {id:?}"));
            let cure = "give the target and the path, as in \"local:.github/workflows/ci.yml\"";
            return Err(problem.cure(cure).into());
        };
        let Some(found) = target.read(address).await? else {
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

/// Writes a document, and keeps in the private data what its removal has to know.
async fn write<D: Document>(
    document: &D,
    expected: Expected<'_>,
    cx: &mut Context<Stanchion>,
) -> Result<(), Problems> {
    let client = cx.client();
    let (target, address) = (client.target()?, known(&document.held().path, "path")?);
    let _turn = client.claims.turn(address).await;
    let mark = match cx.private.get(MARK) {
        Some(mark) if expected != Expected::Nothing => mark.to_owned(),
        _ => cx.now().to_string(),
    };
    if expected == Expected::Nothing && client.claims.holder(address).is_some() {
        return Err(held(address).into());
    }
    let written = target.write(address, expected, known(&document.held().content, "content")?);
    let made = written.await?.folders;
    client.claims.written(address, &mark);
    let (place, folders) = (target.place().to_owned(), client.claims.folders_above(address, made));
    cx.private.set(PLACE, place);
    cx.private.set(MARK, mark);
    cx.private.remove(NUMBER);
    // Only a new document can have new folders.
    if expected == Expected::Nothing {
        cx.private.set(FOLDERS, folders.join("\n"));
    }
    Ok(())
}

/// Removes a document with those of the folders that are empty then.
async fn remove<D: Document>(
    document: &D,
    folders: Vec<String>,
    cx: &mut Context<Stanchion>,
) -> Result<(), Problems> {
    let client = cx.client();
    let address = known(&document.held().path, "path")?;
    let folders = client.claims.folders_above(address, folders);
    let _turn = client.claims.turn(address).await;
    // What another object has written there since is that one's.
    let is_mine = |it: String| cx.private.get(MARK) == Some(it.as_str());
    if !client.claims.holder(address).is_none_or(is_mine) {
        return Ok(());
    }
    let seen = known(&document.held().sha256, "sha256")?;
    client.target()?.remove(address, seen, &folders).await?;
    client.claims.removed(address);
    Ok(())
}

/// The folders that we have made for a document.
fn folders(cx: &Context<Stanchion>) -> Vec<String> {
    let lines = cx.private.get(FOLDERS).unwrap_or_default().lines();
    lines.map(str::to_owned).collect()
}

/// The address in an identifier for import that names this target: `local:PATH`.
fn within<'a, T: Target>(_: &T, id: &'a str) -> Option<&'a str> {
    id.strip_prefix(T::NAME)?.strip_prefix(':')
}

/// The document with what stands at its target once it is written.
fn written<D: Document>(mut planned: D) -> Result<D, Problems> {
    planned.complete();
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

fn known<'a>(leaf: &'a Leaf<String>, name: &str) -> Result<&'a str, Problems> {
    leaf.known().map(String::as_str).ok_or_else(|| {
        let problem = Problem::error(Path::root().attribute(name), "is missing from the state");
        problem.cure("remove the resource from the state and import it").into()
    })
}
