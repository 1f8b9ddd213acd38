//! Rings in a graph, in time linear in its size and without recursion.

/// The edges of a graph, in the order of the nodes that they lead away from.
pub(super) struct Edges {
    /// Where the edges of a node begin; at the end, how many there are.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Edges {
    /// The edges that lead from the first of a pair to the second, of so many nodes.
    pub(super) fn new(nodes: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for (from, _) in pairs {
            starts[*from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut free = starts.clone();
        let mut targets = vec![0; pairs.len()];
        for (from, to) in pairs {
            let place = &mut free[*from as usize];
            targets[*place as usize] = *to;
            *place += 1;
        }
        Self { starts, targets }
    }

    /// How many edges there are.
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// How many nodes there are.
    pub(super) fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// The nodes that a node leads to.
    fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// The strongly connected components of more than one node, each in the order of its nodes.
    pub(super) fn rings(&self) -> Vec<Vec<u32>> {
        const NEW: u32 = u32::MAX;
        let nodes = self.nodes();
        let mut order = vec![NEW; nodes];
        // The earliest node on the stack that a node leads to; 0 once its component is found.
        let mut lowest = vec![0; nodes];
        let mut is_on_stack = vec![false; nodes];
        let (mut open, mut stack, mut out, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for start in 0..nodes as u32 {
            if order[start as usize] != NEW {
                continue;
            }
            // A node, and how many of its edges have been followed.
            open.push((start, 0));
            while let Some((node, followed)) = open.pop() {
                let at = node as usize;
                if followed == 0 {
                    (order[at], lowest[at]) = (count, count);
                    count += 1;
                    stack.push(node);
                    is_on_stack[at] = true;
                }
                if let Some(&next) = self.of(node).get(followed) {
                    open.push((node, followed + 1));
                    if order[next as usize] == NEW {
                        open.push((next, 0));
                    } else if is_on_stack[next as usize] {
                        lowest[at] = lowest[at].min(order[next as usize]);
                    }
                    continue;
                }
                if let Some((before, _)) = open.last() {
                    lowest[*before as usize] = lowest[*before as usize].min(lowest[at]);
                }
                if lowest[at] == order[at] {
                    let from = stack.iter().rposition(|it| *it == node).unwrap_or(0);
                    stack[from..].iter().for_each(|it| is_on_stack[*it as usize] = false);
                    if stack.len() - from > 1 {
                        let mut ring = stack.split_off(from);
                        ring.sort_unstable();
                        out.push(ring);
                    }
                    stack.truncate(from);
                }
            }
        }
        out
    }
}

/// Finds what is reached from one node after the other.
pub(super) struct Reached<'e> {
    edges: &'e Edges,
    /// The last search that has met a node.
    met: Vec<u32>,
    searches: u32,
    open: Vec<u32>,
}

impl<'e> Reached<'e> {
    pub(super) fn new(edges: &'e Edges) -> Self {
        Self { edges, met: vec![0; edges.nodes()], searches: 0, open: Vec::new() }
    }

    /// Tells the nodes that are reached from one, itself among them.
    pub(super) fn from(&mut self, node: u32, mut tell: impl FnMut(u32)) {
        self.searches += 1;
        self.open.push(node);
        while let Some(node) = self.open.pop() {
            if std::mem::replace(&mut self.met[node as usize], self.searches) != self.searches {
                tell(node);
                self.open.extend(self.edges.of(node));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edges, Reached};

    #[test]
    fn what_leads_back_to_itself_is_a_ring() {
        // Two rings, one that leads to the other, and nodes besides that lead to themselves.
        let pairs = [(2, 3), (0, 1), (1, 2), (2, 0), (3, 4), (4, 3), (5, 5), (6, 3)];
        let edges = Edges::new(7, &pairs);
        let mut found = edges.rings();
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4]]);
        let mut reached = Reached::new(&edges);
        for (from, expected) in [(6, vec![3, 4, 6]), (5, vec![5]), (0, vec![0, 1, 2, 3, 4])] {
            let mut found = Vec::new();
            reached.from(from, |it| found.push(it));
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_long_chain_has_no_ring_until_its_end_leads_back() {
        let mut pairs: Vec<(u32, u32)> = (1..100_000).map(|it| (it - 1, it)).collect();
        let edges = Edges::new(100_000, &pairs);
        assert_eq!(edges.rings(), [[0; 0]; 0]);
        let mut found = 0;
        Reached::new(&edges).from(99_990, |_| found += 1);
        assert_eq!(found, 10);
        pairs.push((99_999, 0));
        assert_eq!(Edges::new(100_000, &pairs).rings(), [(0..100_000).collect::<Vec<_>>()]);
    }
}
