//! Evaluation as on a first plan: no state, so what only the cloud knows is unknown.
//!
//! As in Terraform, what is refused doesn't end an evaluation: a [`Refusal`] is noted, and an
//! unknown value takes the place of the result.

mod access;
mod address;
mod call;
mod check;
mod condition;
mod cycles;
mod declared;
mod documents;
mod each;
mod expr;
mod graph;
mod imports;
mod instances;
mod modules;
mod operator;
mod own_provider;
mod planned;
mod providers;
mod reference;
mod resources;
mod rings;
mod scope;
mod sequence;
mod template;
mod tfvars;
mod types;
mod variables;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Refinement, Type, Value};

use crate::functions::Files;
use crate::inputs::{Inputs, Planned};
use crate::refusal::Refusal;
use crate::source::{File, FileId, Place};
use crate::syntax::Expr;
use crate::why::{Provenance, Why};
use crate::{Source, Span, Workspace, hash};

use modules::ModuleInstance;
use scope::Scope;

pub use address::Evaluated;
pub use providers::ProviderSettings;
pub use view::{Found, Resource, View};

/// How deep expressions may lie in each other, through all references.
const DEEPEST: u32 = 300;
/// How many parts the value of a variable, local, output or attribute may have.
const MOST_PARTS: usize = 1_000_000;
/// How many expressions one evaluation may evaluate: a second of work, and a hundred times what large
/// configurations need.
const MOST_STEPS: u64 = 5_000_000;

/// The short words for what depends on itself.
const CYCLE: &str = "Cycle";

/// The values of one root module and of what it calls, computed when they are asked for.
pub struct Evaluation<'w> {
    workspace: &'w Workspace,
    root: &'w crate::Module,
    files: &'w dyn Files,
    data: &'w dyn DataSources,
    workspace_name: Arc<str>,
    plan_time: Option<Arc<str>>,
    planned: Option<Arc<Planned>>,
    /// The text in the place of a plan, once something came from there.
    plan_file: Cell<Option<FileId>>,
    /// The variables that arguments name one by one, and where.
    named: Vec<(Arc<str>, Span)>,
    modules: RefCell<Vec<Rc<ModuleInstance<'w>>>>,
    resources: RefCell<Vec<Rc<resources::Instance<'w>>>>,
    /// Which of them an address names.
    by_address: RefCell<hash::HashMap<Arc<str>, usize>>,
    /// What is imported, once it is asked for.
    imported: RefCell<Option<imports::Imported>>,
    provenance: Provenance,
    depth: Cell<u32>,
    steps: Cell<u64>,
    refusals: RefCell<Vec<Refusal>>,
    gaps: RefCell<Vec<Gap>>,
    /// Texts that are evaluated though they are no files of the workspace: templates, arguments.
    more: RefCell<Vec<Rc<File>>>,
    words: Words,
    /// Type constraints by where their variables' blocks lie in memory.
    constraints: RefCell<hash::HashMap<usize, Rc<types::Constraint>>>,
    /// How many values were kept so far.
    kept: Cell<u64>,
    /// Templates by their texts.
    templates: RefCell<hash::HashMap<Arc<str>, Rc<Expr>>>,
}

/// Names that each instance binds.
struct Words {
    each: Arc<str>,
    count: Arc<str>,
    own: Arc<str>,
}

impl Default for Words {
    fn default() -> Self {
        Self { each: "each".into(), count: "count".into(), own: "self".into() }
    }
}

/// Data sources that are pure functions of their arguments, so that their attributes can be computed
/// without asking anybody.
pub trait DataSources {
    /// The attributes of a data source of that type with that content; `None` for a type that is
    /// not computed. Values are made by the evaluation that the view belongs to.
    fn read(&self, ty: &str, view: &View<'_, '_>) -> Option<HashMap<String, Value>>;
}

/// No data source is computed.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDataSources;

impl DataSources for NoDataSources {
    fn read(&self, _ty: &str, _view: &View<'_, '_>) -> Option<HashMap<String, Value>> {
        None
    }
}

/// Something that could not be looked into, so that nothing about it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Where it is written.
    pub span: Span,
    /// Why: a clause.
    pub why: String,
}

/// A value that is computed once, and what was refused on the way.
#[derive(Clone, Debug)]
enum Memo {
    /// Being computed: who asks now goes round in a ring.
    Open,
    Done(Value, Option<Rc<[Refusal]>>),
}

impl<'w> Evaluation<'w> {
    /// The evaluation of the root module in a folder; nothing is computed yet.
    #[must_use]
    pub fn new(
        workspace: &'w Workspace,
        root: &'w crate::Module,
        inputs: &Inputs,
        files: &'w dyn Files,
        data: &'w dyn DataSources,
    ) -> Self {
        let mut evaluation = Self {
            workspace,
            root,
            files,
            data,
            workspace_name: inputs.workspace.clone(),
            plan_time: inputs.plan_time.clone(),
            planned: inputs.planned.clone(),
            plan_file: Cell::default(),
            named: Vec::new(),
            modules: RefCell::default(),
            resources: RefCell::default(),
            by_address: RefCell::default(),
            imported: RefCell::default(),
            provenance: Provenance::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
            refusals: RefCell::default(),
            gaps: RefCell::default(),
            more: RefCell::default(),
            words: Words::default(),
            constraints: RefCell::default(),
            kept: Cell::new(0),
            templates: RefCell::default(),
        };
        let given = evaluation.given(root, inputs);
        let root = ModuleInstance::root(root, given);
        evaluation.modules.borrow_mut().push(Rc::new(root));
        evaluation
    }

    /// The workspace that is evaluated.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// The root module.
    #[must_use]
    pub fn root(&self) -> &'w crate::Module {
        self.root
    }

    /// What could not be looked into, in the order in which it was met.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        self.gaps.borrow().clone()
    }

    /// What an unknown value stands for; `None` for a known one.
    #[must_use]
    pub fn why(&self, value: &Value) -> Option<Why> {
        self.provenance.why(value)
    }

    /// Why a value or a part of it is unknown, as a clause; `None` if it is wholly known.
    #[must_use]
    pub fn reason(&self, value: &Value) -> Option<String> {
        self.provenance.reason(value)
    }

    /// Where the expression that made a value is written.
    #[must_use]
    pub fn written(&self, value: &Value) -> Option<Span> {
        self.provenance.span(value)
    }

    /// The expressions that a value came through: the one nearest to its use first, the one that
    /// made it last.
    #[must_use]
    pub fn chain(&self, value: &Value) -> Vec<Span> {
        self.provenance.chain(value)
    }

    /// The place at which a span begins: in a file, or in a text that was evaluated beside them.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<Place> {
        let more = || {
            let at = (span.file.0 as usize).checked_sub(self.workspace.files().len())?;
            self.more.borrow().get(at).map(|it| it.place(span.start))
        };
        self.workspace.place(span).or_else(more)
    }

    /// A text that is no file of the workspace, so that places in it can be told.
    fn add_text(&self, name: &str, text: &str) -> FileId {
        let mut more = self.more.borrow_mut();
        let id = self.workspace.files().len() + more.len();
        let id = FileId(u32::try_from(id).unwrap_or(u32::MAX));
        more.push(Rc::new(File::new(id, Source::new(name, text.as_bytes().to_vec()))));
        id
    }

    fn instance(&self, at: usize) -> Option<Rc<ModuleInstance<'w>>> {
        self.modules.borrow().get(at).cloned()
    }

    /// An unknown value of a type, with what it stands for: what a hook computes may be unknown too.
    #[must_use]
    pub fn unknown(&self, ty: Type, why: Why) -> Value {
        self.provenance.unknown(ty, why)
    }

    /// An unknown value that is never null.
    fn not_null(&self, ty: Type, why: Why) -> Value {
        let refinement =
            if ty == Type::Dynamic { Refinement::default() } else { Refinement::not_null() };
        self.provenance.refined(ty, refinement, why)
    }

    /// Notes that something is refused; an unknown value takes its place.
    fn refuse(&self, refusal: Refusal) -> Value {
        let why = Why::Refused(refusal.detail.as_str().into());
        self.refusals.borrow_mut().push(refusal);
        self.unknown(Type::Dynamic, why)
    }

    fn refused(&self, span: Span, summary: &'static str, detail: impl Into<String>) -> Value {
        self.refuse(Refusal::new(span, summary, detail))
    }

    /// How many refusals there are so far.
    fn mark_refusals(&self) -> usize {
        self.refusals.borrow().len()
    }

    /// Whether something that `try` can catch was refused since.
    fn is_refused_since(&self, mark: usize) -> bool {
        self.refusals.borrow().len() > mark
    }

    /// Forgets the refusals since, but for those that come before evaluation.
    fn forgive(&self, mark: usize) {
        let mut refusals = self.refusals.borrow_mut();
        if refusals.len() > mark {
            let since = refusals.split_off(mark);
            refusals.extend(since.into_iter().filter(|it| it.is_static));
        }
    }

    /// Takes the refusals since out.
    fn take_refusals(&self, mark: usize) -> Vec<Refusal> {
        let mut all = self.refusals.borrow_mut();
        // Mostly there are none, and then nothing is allocated.
        if all.len() == mark { Vec::new() } else { all.split_off(mark) }
    }

    /// Computes something and what is refused on the way, for keeping both.
    fn computed(
        &self,
        name: impl Fn() -> String,
        span: Span,
        compute: impl FnOnce() -> Value,
    ) -> Memo {
        self.keep();
        let mark = self.mark_refusals();
        let mut value = compute();
        if parts_up_to(&value, MOST_PARTS) >= MOST_PARTS {
            let detail = format!("The value of {} has more than {MOST_PARTS} parts.", name());
            value = self.refuse(Refusal::new(span, "Value too large", detail).before_evaluation());
        }
        if !self.is_refused_since(mark) {
            return Memo::Done(value, None);
        }
        let refusals = self.take_refusals(mark);
        let refusals = refusals.into_iter().map(Refusal::before_evaluation).collect::<Rc<[_]>>();
        Memo::Done(value, (!refusals.is_empty()).then_some(refusals))
    }

    /// Notes that a value is kept, with the places and symbols that its numbers point to.
    fn keep(&self) {
        self.kept.set(self.kept.get() + 1);
    }

    /// Runs what makes values only to look at them. If none of them was kept, what their numbers
    /// point to goes with them: of many instances, it would come to more than all else.
    fn leaving_nothing(&self, run: impl FnOnce()) {
        let (kept, before) = (self.kept.get(), self.provenance.now());
        run();
        if self.kept.get() == kept {
            self.provenance.go_back(before);
        }
    }

    /// What a memo holds; what was refused on the way is refused to who asks too.
    fn recall(&self, value: &Value, refusals: Option<&Rc<[Refusal]>>) -> Value {
        if let Some(refusals) = refusals {
            let mut all = self.refusals.borrow_mut();
            for it in refusals.iter() {
                if !all.contains(it) {
                    all.push(it.clone());
                }
            }
        }
        value.clone()
    }

    /// What a memo that is being computed gives to who asks for it.
    fn cycle(&self, name: &str, span: Span) -> Value {
        let detail = format!("{name} depends on itself.");
        self.refuse(Refusal::new(span, CYCLE, detail).before_evaluation())
    }

    fn gap(&self, span: Span, why: impl Into<String>) {
        let gap = Gap { span, why: why.into() };
        let mut gaps = self.gaps.borrow_mut();
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
}

impl std::fmt::Debug for Evaluation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let folder = self.instance(0).map(|it| it.module.folder.clone());
        f.debug_struct("Evaluation").field("root", &folder).finish_non_exhaustive()
    }
}

/// The number of parts of a value, counted up to a limit: values share parts, so that a small
/// program can make one that takes for ever to walk through.
fn parts_up_to(value: &Value, limit: usize) -> usize {
    let mut count = 1;
    let mut open = Vec::new();
    let mut at = Some(value);
    while let Some(it) = at {
        for part in it.parts() {
            count += 1;
            if part.parts().next().is_some() {
                open.push(part);
            }
        }
        if count >= limit {
            break;
        }
        at = open.pop();
    }
    count
}
