//! What depends on itself. Terraform goes over whole nodes: a resource, a local, a variable, an output.
//! Where two of them refer to each other it refuses both, also if no attribute is asked for that would
//! need itself; so this is found from the references and not by evaluating.

use std::rc::Rc;

use super::declared::is_read_by_terraform;
use super::graph::{Graph, MODES, Node};
use super::rings::Reached;
use super::{CYCLE, Evaluation};
use crate::Module;
use crate::hash::{HashMap, HashSet};
use crate::module::{Called, Mode};
use crate::refusal::Refusal;
use crate::syntax::{self, Block, Body, Expr, ExprKind};

/// How deep modules may lie in each other to be looked through.
const DEEPEST: usize = 100;

/// How far the references of a module's outputs are followed. What lies beyond is no cycle.
const MOST_STEPS: usize = 50_000_000;

/// What the outputs of a module depend on: names of its variables.
type Summary<'w> = Vec<(&'w str, Vec<&'w str>)>;

impl<'w> Evaluation<'w> {
    /// Refuses what depends on itself: in the root module and in each that it calls, and from one to the
    /// other. A module is looked through once, however often it is called.
    pub(super) fn check_cycles(&self) {
        let mut known = HashMap::default();
        self.summary(self.root, &mut Vec::new(), &mut known);
    }

    fn summary(
        &self,
        module: &'w Module,
        path: &mut Vec<&'w str>,
        known: &mut HashMap<*const Module, Rc<Summary<'w>>>,
    ) -> Rc<Summary<'w>> {
        if let Some(it) = known.get(&std::ptr::from_ref(module)) {
            return it.clone();
        }
        // Who comes back here while it is looked through calls itself, which is refused elsewhere.
        known.insert(module, Rc::default());
        let mut graph = Graph::new(module);
        for (name, call) in &module.calls {
            if path.len() >= DEEPEST {
                break;
            }
            let called = [path.as_slice(), &[&**name]].concat().join(".");
            if let Called::Module(child) =
                self.workspace.called(&self.root.folder, &called, module, call)
            {
                path.push(name);
                let summary = self.summary(child, path, known);
                path.pop();
                graph.add_call(name, call, child, &summary);
            }
        }
        self.add_references(module, &mut graph);
        let edges = graph.edges();
        for ring in edges.rings() {
            self.refuse_ring(&graph, &ring);
        }
        let is_asked =
            !path.is_empty() && edges.len().saturating_mul(module.outputs.len()) <= MOST_STEPS;
        let mut reached = Reached::new(&edges);
        let outputs = module.outputs.keys().filter_map(|name| {
            let from = graph.id(Node::Output(name))?;
            let mut variables = Vec::new();
            if is_asked {
                reached.from(from, |it| {
                    if let Node::Variable(name) = graph.nodes[it as usize] {
                        variables.push(name);
                    }
                });
            }
            Some((&**name, variables))
        });
        let summary: Rc<Summary<'w>> = Rc::new(outputs.collect());
        known.insert(module, summary.clone());
        summary
    }

    fn refuse_ring(&self, graph: &Graph<'w>, ring: &[u32]) {
        let mut members: Vec<_> =
            ring.iter().map(|it| *it as usize).map(|it| (graph.spans[it], it)).collect();
        members.sort();
        let Some((span, _)) = members.first() else { return };
        let names: Vec<String> = members.iter().map(|(_, it)| graph.title(*it)).collect();
        let detail = format!("{} depend on each other.", names.join(", "));
        self.refuse(Refusal::new(*span, CYCLE, detail).before_evaluation());
    }

    /// Adds what the declarations of a module refer to.
    fn add_references(&self, module: &'w Module, graph: &mut Graph<'w>) {
        for (name, local) in &module.locals {
            self.check_local(name, &local.value);
            graph.refer(Node::Local(name), &local.value, &[]);
        }
        for (name, block) in &module.variables {
            for validation in block.body.blocks.iter().filter(|it| &*it.kind == "validation") {
                self.refer_all(graph, Node::Validation(name), &validation.body, &mut Vec::new());
            }
        }
        for (name, block) in &module.outputs {
            self.refer_all(graph, Node::Output(name), &block.body, &mut Vec::new());
        }
        for (name, call) in &module.calls {
            for attribute in &call.body.attributes {
                match &*attribute.name {
                    "source" | "version" | "providers" => {}
                    "count" | "for_each" => graph.refer(Node::Call(name), &attribute.value, &[]),
                    "depends_on" => self.refer_listed(graph, Node::Call(name), &attribute.value),
                    argument => {
                        let from = Node::Argument(name, argument);
                        graph.refer(from, &attribute.value, &["each", "count"]);
                    }
                }
            }
        }
        for mode in MODES {
            for (number, block) in module.resources_of(mode) {
                let mut own = vec!["each", "count", "self"];
                self.refer_all(graph, Node::Resource(number), &block.body, &mut own);
                if let Some(provider) = provider_of(module, block) {
                    graph.lead(Node::Resource(number), Node::Provider(provider));
                }
            }
        }
        for (number, block) in module.others.iter().enumerate() {
            match &*block.kind {
                "provider" => {
                    let from = Node::Provider(number);
                    self.refer_all(graph, from, &block.body, &mut Vec::new());
                }
                "import" => {
                    if let Some(target) = imported(module, block) {
                        let mut own = vec!["each"];
                        self.refer_all(graph, Node::Resource(target), &block.body, &mut own);
                    }
                }
                _ => {}
            }
        }
    }

    /// Refuses a local that refers to itself: no cycle, in Terraform's words.
    fn check_local(&self, name: &str, value: &Expr) {
        syntax::references(value, &mut |it| {
            if &**it.root == "local" && it.steps.first().is_some_and(|it| &***it == name) {
                let detail = format!(
                    "Local value local.{name} cannot use its own result as part of its expression."
                );
                let refusal = Refusal::new(it.span, "Self-referencing local value", detail);
                self.refuse(refusal.before_evaluation());
            }
        });
    }

    /// Adds all that a block's content refers to.
    fn refer_all(
        &self,
        graph: &mut Graph<'w>,
        from: Node<'w>,
        body: &'w Body,
        own: &mut Vec<&'w str>,
    ) {
        for attribute in body.attributes_alone() {
            if matches!(&*attribute.name, "depends_on" | "replace_triggered_by") {
                self.refer_listed(graph, from, &attribute.value);
            } else if !is_read_by_terraform(attribute) {
                graph.refer(from, &attribute.value, own);
            }
        }
        for block in &body.blocks {
            let outer = own.len();
            if &*block.kind == "dynamic" {
                own.push(super::declared::iterator(block));
            }
            self.refer_all(graph, from, &block.body, own);
            own.truncate(outer);
        }
    }

    /// Adds what is listed as references, which in JSON are texts.
    fn refer_listed(&self, graph: &mut Graph<'w>, from: Node<'w>, list: &'w Expr) {
        graph.refer(from, list, &[]);
        let ExprKind::Tuple(entries) = &list.kind else { return };
        for it in entries {
            if let ExprKind::String(text) = &it.kind
                && let Ok(expr) = syntax::expression(it.span.file, text)
            {
                graph.refer(from, &expr, &[]);
            }
        }
    }
}

/// The `provider` block of the module that a resource is configured by, if it is one of its own.
fn provider_of(module: &Module, resource: &Block) -> Option<usize> {
    let ty = resource.labels.first()?;
    let prefix = ty.split('_').next().unwrap_or(ty);
    let (name, alias) = match resource.body.attribute("provider").map(|it| &it.value.kind) {
        None => (prefix, None),
        Some(ExprKind::Variable(name)) => (&**name, None),
        Some(ExprKind::Attribute(of, alias)) => match &of.kind {
            ExprKind::Variable(name) => (&**name, Some(alias)),
            _ => return None,
        },
        Some(ExprKind::String(text)) => (text.split('.').next()?, None),
        Some(_) => return None,
    };
    module.others.iter().position(|it| {
        let is_alias = match it.body.attribute("alias").map(|it| &it.value.kind) {
            None => alias.is_none(),
            Some(ExprKind::String(it)) => Some(it) == alias,
            Some(_) => false,
        };
        &*it.kind == "provider" && it.labels.first().is_some_and(|it| &**it == name) && is_alias
    })
}

/// The resource of the root module that an `import` block imports to.
fn imported(module: &Module, import: &Block) -> Option<usize> {
    let mut names = HashSet::default();
    let mut found = None;
    syntax::references(&import.body.attribute("to")?.value, &mut |it| {
        if let [name, ..] = it.steps.as_slice() {
            names.insert(it.root.clone());
            found = found.or(module.resource(Mode::Managed, it.root, name).map(|it| it.0));
        }
    });
    // An index of the target may refer to something else.
    found.filter(|_| names.len() == 1 || !names.contains("module"))
}
