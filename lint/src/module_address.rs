//! Addresses of resources in modules, taken apart.

/// The first module call of an address, and what is behind it: `module.a["x"].b.c` is `a` and `b.c`.
pub(crate) fn step(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("module.")?;
    let end = rest.find(['.', '['])?;
    let (name, rest) = rest.split_at(end);
    let (point, _) = outside_of_keys(rest).find(|(_, it)| *it == '.')?;
    Some((name, &rest[point + 1..]))
}

/// An address without the keys of instances.
pub(crate) fn without_keys(address: &str) -> String {
    outside_of_keys(address).map(|(_, it)| it).collect()
}

/// The characters of an address that stand in no brackets, and their places.
fn outside_of_keys(address: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0);
    address.char_indices().filter(move |(_, it)| {
        match it {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '[' if !is_quoted => depth += 1,
            ']' if !is_quoted => depth -= 1,
            _ => return depth == 0,
        }
        false
    })
}

/// The part of an address that leads to the module: of `module.a["x"].b.c` it is `module.a["x"].`.
pub(crate) fn module_of(address: &str) -> &str {
    let mut rest = address;
    while let Some((_, after)) = step(rest) {
        rest = after;
    }
    &address[..address.len() - rest.len()]
}

/// The part that leads to the module that calls this one: of `module.a.module.b.` it is `module.a.`.
pub(crate) fn caller_of(module: &str) -> &str {
    let mut last = "";
    let mut rest = module;
    while let Some((_, after)) = step(rest) {
        last = &module[..module.len() - rest.len()];
        rest = after;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::{caller_of, module_of, step, without_keys};

    #[test]
    fn an_address_is_taken_apart_call_by_call() {
        assert_eq!(step("module.a.b.c"), Some(("a", "b.c")));
        assert_eq!(step("module.a[\"x.]\"].module.b[0].c.d"), Some(("a", "module.b[0].c.d")));
        assert_eq!(step("b.c"), None);
    }

    #[test]
    fn an_address_has_no_keys_of_instances() {
        for (address, without) in
            [("a.b", "a.b"), ("module.a[0].module.b[\"]\\\"[\"].c.d[*]", "module.a.module.b.c.d")]
        {
            assert_eq!(without_keys(address), without);
        }
    }

    #[test]
    fn the_module_and_its_caller_are_parts_of_an_address() {
        let module = "module.a[\"x.\"].module.b.";
        assert_eq!(module_of(&format!("{module}c.d[0]")), module);
        assert_eq!(caller_of(module), "module.a[\"x.\"].");
        assert_eq!((caller_of("module.a."), module_of("a.b"), caller_of("")), ("", "", ""));
    }
}
