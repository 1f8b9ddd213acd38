//! The nodes of a module as Terraform orders them, and which of them refers to which.

use std::collections::hash_map::Entry;

use super::rings::Edges;
use crate::hash::HashMap;
use crate::module::Mode;
use crate::syntax::{self, Block, Expr, ExprKind, Reference};
use crate::{Module, Span};

/// A node: what is either wholly computed or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node<'w> {
    Variable(&'w str),
    /// The conditions of a variable, on which depends what depends on the variable.
    Validation(&'w str),
    Local(&'w str),
    Output(&'w str),
    /// By its number in the module.
    Resource(usize),
    /// By its number among the other blocks.
    Provider(usize),
    /// How many instances a module call has.
    Call(&'w str),
    /// An argument of a call.
    Argument(&'w str, &'w str),
    /// An output of what is called.
    Result(&'w str, &'w str),
    /// All of what is called.
    Whole(&'w str),
}

pub(super) const MODES: [Mode; 3] = [Mode::Managed, Mode::Data, Mode::Ephemeral];

/// The graph of one module.
pub(super) struct Graph<'w> {
    module: &'w Module,
    ids: HashMap<Node<'w>, u32>,
    pub(super) nodes: Vec<Node<'w>>,
    /// Where the nodes are declared.
    pub(super) spans: Vec<Span>,
    /// Which node refers to which.
    pairs: Vec<(u32, u32)>,
}

impl<'w> Graph<'w> {
    /// The nodes of a module, but for those of what it calls.
    pub(super) fn new(module: &'w Module) -> Self {
        let (ids, nodes, spans, pairs) = Default::default();
        let mut graph = Self { module, ids, nodes, spans, pairs };
        for (name, block) in &module.variables {
            graph.add(Node::Variable(name), block.head);
            if block.body.blocks.iter().any(|it| &*it.kind == "validation") {
                graph.add(Node::Validation(name), block.head);
                graph.lead(Node::Validation(name), Node::Variable(name));
            }
        }
        for (name, local) in &module.locals {
            graph.add(Node::Local(name), local.name_span);
        }
        for (name, block) in &module.outputs {
            graph.add(Node::Output(name), block.head);
        }
        for mode in MODES {
            for (number, block) in module.resources_of(mode) {
                graph.add(Node::Resource(number), block.head);
            }
        }
        for (number, block) in module.others.iter().enumerate() {
            if &*block.kind == "provider" {
                graph.add(Node::Provider(number), block.head);
            }
        }
        graph
    }

    /// The nodes of a call of a module, of whose outputs is known which variables they depend on.
    pub(super) fn add_call(
        &mut self,
        name: &'w str,
        call: &'w Block,
        child: &'w Module,
        outputs: &[(&'w str, Vec<&'w str>)],
    ) {
        let (own, whole) = (Node::Call(name), Node::Whole(name));
        self.add(own, call.head);
        self.add(whole, call.head);
        self.lead(whole, own);
        for argument in &call.body.attributes {
            if child.variables.contains_key(&argument.name) {
                let node = Node::Argument(name, &argument.name);
                self.add(node, argument.name_span);
                self.lead(node, own);
                self.lead(whole, node);
            }
        }
        for (output, variables) in outputs {
            let node = Node::Result(name, output);
            self.add(node, call.head);
            self.lead(node, own);
            self.lead(whole, node);
            for variable in variables {
                self.lead(node, Node::Argument(name, variable));
            }
        }
    }

    /// The number of a node; `None` if there is none such.
    pub(super) fn id(&self, node: Node<'_>) -> Option<u32> {
        self.ids.get(&node).copied()
    }

    /// Which node refers to which.
    pub(super) fn edges(&self) -> Edges {
        Edges::new(self.nodes.len(), &self.pairs)
    }

    /// Notes that one node refers to another. That a node refers to itself makes no cycle.
    pub(super) fn lead(&mut self, from: Node<'_>, to: Node<'_>) {
        if let (Some(from), Some(to)) = (self.id(from), self.id(to))
            && from != to
        {
            self.pairs.push((from, to));
        }
    }

    /// Notes all that an expression refers to by names that are not its surroundings' own.
    pub(super) fn refer(&mut self, from: Node<'_>, expr: &Expr, own: &[&str]) {
        let Some(number) = self.id(from) else { return };
        syntax::references(expr, &mut |it| {
            if own.contains(&&**it.root) {
                return;
            }
            if let ("var", [name, ..]) = (&**it.root, it.steps.as_slice())
                && from != Node::Validation(name)
                && let Some(to) = self.id(Node::Validation(name))
            {
                self.pairs.push((number, to));
            }
            if let Some(to) = self.target(it).filter(|it| *it != number) {
                self.pairs.push((number, to));
            }
        });
    }

    fn target(&self, it: &Reference<'_>) -> Option<u32> {
        let module = self.module;
        let resource = |mode, ty: &str, name: &str| {
            self.id(Node::Resource(module.resource(mode, ty, name)?.0))
        };
        match (&**it.root, it.steps.as_slice()) {
            ("var", [name, ..]) => self.id(Node::Variable(name)),
            ("local", [name, ..]) => self.id(Node::Local(name)),
            ("module", [name, ..]) => {
                let result = output_of(it.expr).and_then(|it| self.id(Node::Result(name, it)));
                result.or_else(|| self.id(Node::Whole(name)))
            }
            ("data", [ty, name, ..]) => resource(Mode::Data, ty, name),
            ("ephemeral", [ty, name, ..]) => resource(Mode::Ephemeral, ty, name),
            ("resource", [ty, name, ..]) => resource(Mode::Managed, ty, name),
            (ty, [name, ..]) => resource(Mode::Managed, ty, name),
            (_, []) => None,
        }
    }

    /// How a node is called in words.
    pub(super) fn title(&self, at: usize) -> String {
        match self.nodes[at] {
            Node::Variable(name) => format!("var.{name}"),
            Node::Validation(name) => format!("the validation of var.{name}"),
            Node::Local(name) => format!("local.{name}"),
            Node::Output(name) => format!("output.{name}"),
            Node::Resource(number) => self.address_of(number),
            Node::Provider(number) => {
                let labels = self.module.others.get(number).map(|it| it.labels.join("."));
                format!("provider.{}", labels.unwrap_or_default())
            }
            Node::Call(name) => format!("the number of module.{name}"),
            Node::Argument(name, argument) => format!("module.{name}.var.{argument}"),
            Node::Result(name, output) => format!("module.{name}.{output}"),
            Node::Whole(name) => format!("module.{name}"),
        }
    }

    fn address_of(&self, number: usize) -> String {
        let of = |mode: Mode| {
            let (_, block) = self.module.resources_of(mode).find(|it| it.0 == number)?;
            Some(format!("{}{}", mode.prefix(), block.labels.join(".")))
        };
        MODES.iter().find_map(|it| of(*it)).unwrap_or_default()
    }

    fn add(&mut self, node: Node<'w>, span: Span) {
        if let (Ok(number), Entry::Vacant(it)) =
            (u32::try_from(self.nodes.len()), self.ids.entry(node))
        {
            it.insert(number);
            self.nodes.push(node);
            self.spans.push(span);
        }
    }
}

/// The output that `module.a` is asked for, perhaps behind a literal index. An index that must be
/// computed asks for the whole.
fn output_of(expr: &Expr) -> Option<&str> {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Attribute(of, name) => {
                steps.push(Some(&**name));
                at = of;
            }
            ExprKind::Index(of, key) => {
                // What stands behind an index that is computed is no part of the reference.
                if !matches!(key.kind, ExprKind::String(_) | ExprKind::Number(_)) {
                    steps.clear();
                }
                steps.push(None);
                at = of;
            }
            _ => break,
        }
    }
    steps.reverse();
    match steps.as_slice() {
        [_, Some(output), ..] | [_, None, Some(output), ..] => Some(output),
        _ => None,
    }
}
