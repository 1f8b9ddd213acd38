//! Override files, merged as Terraform merges them.

use super::settings::{is_same, title};
use super::{Faults, Mode, Module};
use crate::syntax::{Attribute, Block, Body, ExprKind};

/// What an override may change of a `lifecycle` block.
const LIFECYCLE: &[&str] = &["create_before_destroy", "prevent_destroy", "ignore_changes"];

impl Module {
    /// Merges a block of an override file. What it says of something that no other file declares is a
    /// fault, and then a declaration.
    pub(super) fn merge(&mut self, mut block: Block, faults: &mut Faults<'_>) {
        match &*block.kind {
            "locals" => {
                for it in block.body.attributes {
                    self.merge_local(it, faults);
                }
                return;
            }
            "terraform" => return self.merge_settings(block),
            // As in Terraform, which passes over it.
            "removed" => return,
            "check" | "moved" | "import" => {
                let what = title(&block);
                faults.tell(block.head, format!("can't stand in an override file: {what}"));
                return;
            }
            _ => {}
        }
        refuse_what_stays(&mut block, faults);
        let may_be_missing = &*block.kind == "provider" && block.body.attribute("alias").is_none();
        let name = block.labels.first();
        let existing = match (&*block.kind, name) {
            ("variable", Some(name)) => self.variables.get_mut(name),
            ("output", Some(name)) => self.outputs.get_mut(name),
            ("module", Some(name)) => self.calls.get_mut(name),
            ("resource" | "data" | "ephemeral", _) => {
                let at = match (Mode::of(&block.kind), block.labels.as_slice()) {
                    (Some(mode), [ty, name]) => self.resource(mode, ty, name).map(|it| it.0),
                    _ => None,
                };
                at.and_then(|at| self.resources.get_mut(at)).map(|it| &mut it.1)
            }
            _ => self.others.iter_mut().find(|it| is_same(it, &block)),
        };
        match existing {
            Some(existing) => merge_body(&mut existing.body, block.body),
            None => {
                if !may_be_missing {
                    let message = format!("overrides {}, which no file declares", title(&block));
                    faults.tell(block.head, message);
                }
                self.add(block, faults);
            }
        }
    }

    fn merge_local(&mut self, local: Attribute, faults: &mut Faults<'_>) {
        if !self.locals.contains_key(&local.name) {
            let message = format!("overrides local.{}, which no file declares", local.name);
            faults.tell(local.name_span, message);
        }
        self.locals.insert(local.name.clone(), local);
    }

    /// Required providers one by one, the place of the state and the required version as a whole.
    fn merge_settings(&mut self, mut block: Block) {
        let mut settings: Vec<&mut Body> = self
            .others
            .iter_mut()
            .filter(|it| &*it.kind == "terraform")
            .map(|it| &mut it.body)
            .collect();
        for it in &block.body.attributes {
            settings.iter_mut().for_each(|old| old.attributes.retain(|old| old.name != it.name));
        }
        for over in &mut block.body.blocks {
            if &*over.kind == "required_providers" {
                let all = settings.iter_mut().flat_map(|it| &mut it.blocks);
                if let Some(it) = all.into_iter().find(|it| it.kind == over.kind) {
                    replace(&mut it.body, std::mem::take(&mut over.body.attributes));
                }
                continue;
            }
            let is_place = |it: &Block| matches!(&*it.kind, "backend" | "cloud");
            let gives_way = |old: &Block| match is_place(over) {
                true => is_place(old),
                false => old.kind == over.kind && old.labels == over.labels,
            };
            settings.iter_mut().for_each(|it| it.blocks.retain(|old| !gives_way(old)));
        }
        block
            .body
            .blocks
            .retain(|it| &*it.kind != "required_providers" || !it.body.attributes.is_empty());
        self.others.push(block);
    }
}

/// What an override can't change is refused, and taken out of it.
fn refuse_what_stays(block: &mut Block, faults: &mut Faults<'_>) {
    let mut refuse = |it: &Block, within: &str| {
        let message = format!("can't stand in an override file: {} of {within}", it.kind);
        faults.tell(it.head, message);
    };
    let what = title(block);
    let is_check =
        |it: &Block| matches!(&*it.kind, "validation" | "precondition" | "postcondition");
    let holds_checks = matches!(&*block.kind, "variable" | "output");
    block.body.blocks.retain_mut(|it| {
        if &*it.kind == "lifecycle" {
            it.body.blocks.retain(|it| {
                let stays = !is_check(it);
                if !stays {
                    refuse(it, &what);
                }
                stays
            });
        } else if holds_checks && is_check(it) {
            refuse(it, &what);
            return false;
        }
        true
    });
    if matches!(&*block.kind, "resource" | "data" | "ephemeral" | "module" | "output")
        && let Some(at) = block.body.attributes.iter().position(|it| &*it.name == "depends_on")
    {
        let attribute = block.body.attributes.remove(at);
        let is_empty = matches!(&attribute.value.kind, ExprKind::Tuple(it) if it.is_empty());
        if !is_empty {
            let message = format!("can't stand in an override file: depends_on of {what}");
            faults.tell(attribute.name_span, message);
        }
    }
}

/// An attribute replaces the one of its name; nested blocks replace all of their kind, those that
/// `dynamic` makes among them. Of `lifecycle`, what is not written stays.
fn merge_body(body: &mut Body, mut over: Body) {
    if let Some(at) = over.blocks.iter().position(|it| &*it.kind == "lifecycle")
        && let Some(old) = body.blocks.iter_mut().find(|it| &*it.kind == "lifecycle")
    {
        let mut changes = over.blocks.remove(at).body.attributes;
        changes.retain(|it| LIFECYCLE.contains(&&*it.name));
        replace(&mut old.body, changes);
    }
    let makes = |it: &Block| match (&*it.kind, it.labels.first()) {
        ("dynamic", Some(kind)) => kind.clone(),
        _ => it.kind.clone(),
    };
    body.blocks.retain(|old| !over.blocks.iter().any(|it| makes(it) == makes(old)));
    if over.is_json {
        // What may be either replaces either.
        body.attributes.retain(|old| !over.blocks.iter().any(|it| makes(it) == old.name));
    }
    if body.is_json {
        body.blocks.retain(|old| over.attribute(&makes(old)).is_none());
    }
    replace(body, over.attributes);
    body.blocks.extend(over.blocks);
}

fn replace(body: &mut Body, over: Vec<Attribute>) {
    for it in over {
        match body.attributes.iter_mut().find(|old| old.name == it.name) {
            Some(old) => *old = it,
            None => body.attributes.push(it),
        }
    }
}
