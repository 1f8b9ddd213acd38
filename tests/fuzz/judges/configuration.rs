//! A configuration in memory, and what holds of one whatever it says.

use std::sync::{Arc, LazyLock};

use stanchion_cty::{Value, conforms};
use stanchion_lang::syntax::Block;
use stanchion_lang::{
    Evaluation, Files, Inputs, Mode, Module, NoDataSources, Refusal, Source, Span, Unread, View,
    Workspace,
};

pub(super) const MODES: [Mode; 3] = [Mode::Managed, Mode::Data, Mode::Ephemeral];

/// What stands beside the text that is judged, for it to refer to.
const BESIDE: &[(&str, &str)] = &[
    (
        "beside.tf",
        r#"
variable "any" { default = { a = 1, b = [true, null, "x"] } }
variable "secret" {
  default   = "s3cret"
  sensitive = true
}
locals {
  list = [1, 2, 3]
  map  = tomap({ a = "x", b = "y" })
  none = null
}
resource "r" "one" {
  name = "n"
  tags = local.map
}
resource "r" "two" { count = 2 }
resource "r" "each" { for_each = local.map }
resource "r" "some" { count = r.one.count }
data "d" "one" {}
module "child" {
  source = "./child"
  list   = local.list
}
"#,
    ),
    (
        "child/main.tf",
        r#"
variable "list" { type = list(number) }
output "first" { value = var.list[0] }
resource "r" "in" { count = length(var.list) }
"#,
    ),
];

/// What a text may refer to, alone: read once, for expressions that are asked for.
pub(super) static READ: LazyLock<Workspace> = LazyLock::new(|| beside("main.tf", ""));

/// A workspace with one file of that text.
pub(super) fn alone(name: &str, text: &str) -> Workspace {
    Workspace::new([Source::new(name, text.as_bytes().to_vec())])
}

/// A workspace with one file of that text, and what it may refer to.
pub(super) fn beside(name: &str, text: &str) -> Workspace {
    let beside = BESIDE.iter().map(|(name, text)| (*name, *text));
    let sources = beside.chain([(name, text)]);
    Workspace::new(sources.map(|(name, text)| Source::new(name, text.as_bytes().to_vec())))
}

/// Files that expressions may read: `text.txt` has a text, `template.tftpl` a template.
pub(super) struct Memory<'a>(pub(super) &'a str);

impl Files for Memory<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        match path.trim_start_matches("./") {
            "text.txt" => Ok(self.0.as_bytes().into()),
            "template.tftpl" => Ok(b"%{ for it in list ~}\n${it}\n%{ endfor ~}".as_slice().into()),
            "folder" => Err(Unread::NotAFile),
            _ => Err(Unread::Missing),
        }
    }

    fn below(&self, _: &str) -> Result<Vec<String>, Unread> {
        Ok(vec!["text.txt".to_owned(), "template.tftpl".to_owned()])
    }

    fn absolute(&self, path: &str) -> String {
        format!("/memory/{path}")
    }

    fn home(&self) -> Option<String> {
        None
    }
}

/// Each fault has a place in its file, and says something.
pub(super) fn faults_lie_in(workspace: &Workspace) {
    for fault in workspace.faults() {
        assert!(!fault.message.is_empty());
        written(workspace, fault.span);
        assert!(workspace.place(fault.span).is_some());
    }
}

/// What stands at a place, which must be one in the text.
pub(super) fn written(workspace: &Workspace, span: Span) -> &str {
    let file = workspace.file(span).unwrap_or_else(|| panic!("{span:?} is in no file"));
    let (start, end) = (span.start as usize, span.end as usize);
    file.text().get(start..end).unwrap_or_else(|| panic!("{span:?} is not in {:?}", file.text()))
}

/// Everything that a module says, with its places; what has an order of chance is left out.
pub(super) fn said(module: &Module) -> String {
    let resources = MODES.map(|it| module.resources_of(it).collect::<Vec<_>>());
    format!(
        "{:?}",
        (
            &module.variables,
            &module.locals,
            &module.outputs,
            &module.calls,
            &module.others,
            resources
        )
    )
}

/// Evaluates all that a root module says, twice: what is refused and what comes of its outputs is
/// the same, and each has its place.
pub(super) fn evaluates(workspace: &Workspace, files: &dyn Files, inputs: &Inputs) {
    let Some(root) = workspace.module("") else { return };
    let first = evaluated(workspace, root, files, inputs);
    let second = evaluated(workspace, root, files, inputs);
    assert_eq!(first, second);
}

fn evaluated(
    workspace: &Workspace,
    root: &Module,
    files: &dyn Files,
    inputs: &Inputs,
) -> (Vec<Refusal>, Vec<(Arc<str>, Value)>) {
    let evaluation = Evaluation::new(workspace, root, inputs, files, &NoDataSources);
    let refusals = evaluation.check();
    are_told(&evaluation, &refusals);
    for mode in MODES {
        for resource in evaluation.all(mode) {
            assert!(resource.address.starts_with(mode.prefix()) || resource.address.contains('.'));
            is_sound(&evaluation, &evaluation.value_of(&resource));
            let view = evaluation.view(&resource);
            let blocks = workspace.module("").into_iter().flat_map(|it| it.resources_of(mode));
            for (_, block) in blocks.filter(|(_, it)| it.head == view.head) {
                look(&evaluation, &view, block);
            }
        }
    }
    let outputs = evaluation.outputs();
    outputs.iter().for_each(|(_, it)| is_sound(&evaluation, it));
    for gap in evaluation.gaps() {
        assert!(!gap.why.is_empty() && evaluation.place(gap.span).is_some());
    }
    (refusals, outputs)
}

/// Each refusal has a place, and says something.
pub(super) fn are_told(evaluation: &Evaluation<'_>, refusals: &[Refusal]) {
    for it in refusals {
        assert!(!it.summary.is_empty() && !it.detail.is_empty(), "{it:?}");
        assert!(evaluation.place(it.span).is_some(), "{it:?}");
    }
}

/// A value is of its own type, is known or told why it isn't, and came from somewhere.
pub(super) fn is_sound(evaluation: &Evaluation<'_>, value: &Value) {
    assert!(conforms(value, &value.ty()), "{value:?} is not of {}", value.ty());
    let reason = evaluation.reason(value);
    assert_eq!(reason.is_none(), value.is_wholly_known(), "{reason:?}: {value:?}");
    assert!(evaluation.chain(value).iter().all(|it| evaluation.place(*it).is_some()));
}

/// Attributes and blocks are found where a body has them, as deep as it goes.
fn look(evaluation: &Evaluation<'_>, view: &View<'_, '_>, block: &Block) {
    for attribute in &block.body.attributes {
        let found = view.attribute(&attribute.name);
        let found = found.unwrap_or_else(|| panic!("{} is not found", attribute.name));
        is_sound(evaluation, &found.value);
    }
    for inner in &block.body.blocks {
        let kind = if &*inner.kind == "dynamic" { inner.labels.first() } else { Some(&inner.kind) };
        for it in kind.map(|it| view.blocks(it)).unwrap_or_default() {
            if it.head == inner.head && &*inner.kind != "dynamic" {
                look(evaluation, &it, inner);
            }
        }
    }
}
