//! Rings in a graph, in time linear in its size and without recursion.

/// The strongly connected components of more than one node, each in the order of its nodes, of a graph
/// that is given by the nodes that each node leads to.
pub(super) fn rings(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; edges.len()];
    // The earliest node on the stack that a node leads to; 0 once its component is found.
    let mut lowest = vec![0; edges.len()];
    let mut is_on_stack = vec![false; edges.len()];
    let (mut stack, mut out, mut count) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        if order[start] != NEW {
            continue;
        }
        // A node, and how many of its edges have been followed.
        let mut open = vec![(start, 0)];
        while let Some((node, followed)) = open.pop() {
            if followed == 0 {
                (order[node], lowest[node]) = (count, count);
                count += 1;
                stack.push(node);
                is_on_stack[node] = true;
            }
            if let Some(&next) = edges[node].get(followed) {
                open.push((node, followed + 1));
                if order[next] == NEW {
                    open.push((next, 0));
                } else if is_on_stack[next] {
                    lowest[node] = lowest[node].min(order[next]);
                }
                continue;
            }
            if let Some((before, _)) = open.last() {
                lowest[*before] = lowest[*before].min(lowest[node]);
            }
            if lowest[node] == order[node] {
                let at = stack.iter().rposition(|it| *it == node).unwrap_or(0);
                let mut ring = stack.split_off(at);
                ring.iter().for_each(|it| is_on_stack[*it] = false);
                if ring.len() > 1 {
                    ring.sort_unstable();
                    out.push(ring);
                }
            }
        }
    }
    out
}

/// The nodes that are reached from one, itself among them.
pub(super) fn reached(edges: &[Vec<usize>], from: usize) -> Vec<usize> {
    let mut is_seen = vec![false; edges.len()];
    let (mut open, mut out) = (vec![from], Vec::new());
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut is_seen[node], true) {
            out.push(node);
            open.extend(&edges[node]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{reached, rings};

    #[test]
    fn what_leads_back_to_itself_is_a_ring() {
        // 0 → 1 → 2 → 0, 2 → 3, 3 → 4 → 3, 5 → 5, 6 → 3.
        let edges = [vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5], vec![3]];
        let mut found = rings(&edges.map(|it: Vec<usize>| it));
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4]]);
    }

    #[test]
    fn a_long_chain_has_no_ring_until_its_end_leads_back() {
        let mut edges: Vec<Vec<usize>> = (1..100_000).map(|it| vec![it]).collect();
        edges.push(Vec::new());
        assert_eq!(rings(&edges), [[0; 0]; 0]);
        assert_eq!(reached(&edges, 99_990).len(), 10);
        edges[99_999].push(0);
        assert_eq!(rings(&edges), [(0..100_000).collect::<Vec<_>>()]);
    }
}
