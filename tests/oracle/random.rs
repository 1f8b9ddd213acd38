//! Well-typed expressions at random, the same ones for each seed.

/// A generator of expressions. The numbers are those of a linear congruential generator
/// (Knuth's MMIX), since all that is wanted is that they are the same each time.
pub(crate) struct Random {
    state: u64,
    /// The names that `for` gives, innermost last.
    names: usize,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, names: 0 }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// An expression of any of the types.
    pub(crate) fn any(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => self.number(depth),
            1 => self.string(depth),
            2 => self.truth(depth),
            3 => self.list(depth),
            4 => self.map(depth),
            _ => self.object(depth),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .one(&[
                    "0",
                    "1",
                    "-1",
                    "2.5",
                    "10",
                    "1e3",
                    "0.1",
                    "123456789012345678901",
                    "\"7\"",
                    "local.unknown_number",
                ])
                .to_owned();
        }
        let d = depth - 1;
        match self.below(11) {
            0 => format!("({} + {})", self.number(d), self.number(d)),
            1 => format!("({} - {})", self.number(d), self.number(d)),
            2 => format!("({} * {})", self.number(d), self.number(d)),
            3 => format!("length({})", self.list(d)),
            4 => format!("max({}, {})", self.number(d), self.number(d)),
            5 => format!("abs({})", self.number(d)),
            6 => format!("floor({})", self.number(d)),
            7 => format!("({} ? {} : {})", self.truth(d), self.number(d), self.number(d)),
            8 => format!("length({})", self.string(d)),
            9 => format!("try(index({}, {}), {})", self.list(d), self.string(d), self.number(d)),
            _ => format!("sum([{}, {}])", self.number(d), self.number(d)),
        }
    }

    fn string(&mut self, depth: usize) -> String {
        if depth == 0 {
            if self.names > 0 && self.below(2) == 0 {
                return format!("v{}", self.below(self.names));
            }
            return self
                .one(&[
                    "\"\"",
                    "\"a\"",
                    "\"Hello\"",
                    "\"b,c\"",
                    "\"é\"",
                    "\"12\"",
                    "\"x y\"",
                    "local.unknown_string",
                    "local.unknown_id",
                ])
                .to_owned();
        }
        let d = depth - 1;
        match self.below(14) {
            0 => format!("upper({})", self.string(d)),
            1 => format!("\"${{{}}}-${{{}}}\"", self.string(d), self.number(d)),
            2 => format!("join(\"/\", {})", self.list(d)),
            3 => format!("format(\"%s=%v\", {}, {})", self.string(d), self.number(d)),
            4 => format!("substr({}, 0, 2)", self.string(d)),
            5 => format!("jsonencode({})", self.any(d)),
            6 => format!("md5({})", self.string(d)),
            7 => format!("({} ? {} : {})", self.truth(d), self.string(d), self.string(d)),
            8 => format!("replace({}, \"a\", {})", self.string(d), self.string(d)),
            9 => format!("trimspace({})", self.string(d)),
            10 => format!("try({}[0], {})", self.list(d), self.string(d)),
            11 => format!("lookup({}, \"a\", {})", self.map(d), self.string(d)),
            12 => format!("\"%{{ if {} }}${{{}}}%{{ endif }}\"", self.truth(d), self.string(d)),
            _ => format!("base64encode({})", self.string(d)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.one(&["true", "false", "true", "false", "local.unknown_bool"]).to_owned();
        }
        let d = depth - 1;
        match self.below(9) {
            0 => format!("({} == {})", self.string(d), self.string(d)),
            1 => format!("({} < {})", self.number(d), self.number(d)),
            2 => format!("({} && {})", self.truth(d), self.truth(d)),
            3 => format!("({} || {})", self.truth(d), self.truth(d)),
            4 => format!("!{}", self.truth(d)),
            5 => format!("contains({}, {})", self.list(d), self.string(d)),
            6 => format!("startswith({}, \"H\")", self.string(d)),
            7 => format!("can({}[1])", self.list(d)),
            _ => format!("({} != {})", self.any(d), self.any(d)),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .one(&[
                    "tolist([])",
                    "tolist([\"a\"])",
                    "[\"b\", \"a\"]",
                    "tolist([\"x\", \"y\", \"x\"])",
                    "local.unknown_list",
                ])
                .to_owned();
        }
        let d = depth - 1;
        match self.below(10) {
            0 => format!("split(\",\", {})", self.string(d)),
            1 => {
                let over = self.list(d);
                let name = self.names;
                self.names += 1;
                let made = self.string(d);
                self.names -= 1;
                format!("[for v{name} in {over} : {made}]")
            }
            2 => format!("concat({}, {})", self.list(d), self.list(d)),
            3 => format!("reverse({})", self.list(d)),
            4 => format!("distinct({})", self.list(d)),
            5 => format!("[{}, {}]", self.string(d), self.string(d)),
            6 => format!("keys({})", self.map(d)),
            7 => format!("values({})", self.map(d)),
            8 => format!("compact({})", self.list(d)),
            _ => format!("{}[*]", self.list(d)),
        }
    }

    fn map(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .one(&[
                    "{}",
                    "{ a = \"1\" }",
                    "tomap({ a = \"x\", b = \"y\" })",
                    "local.unknown_map",
                ])
                .to_owned();
        }
        let d = depth - 1;
        match self.below(5) {
            0 => format!("merge({}, {})", self.map(d), self.map(d)),
            1 => format!("{{ a = {}, c = {} }}", self.string(d), self.string(d)),
            2 => {
                let over = self.list(d);
                let name = self.names;
                self.names += 1;
                let made = self.string(d);
                self.names -= 1;
                format!("{{ for k, v{name} in {over} : \"k${{k}}\" => {made} }}")
            }
            3 => format!("tomap({{ a = {} }})", self.string(d)),
            _ => format!("zipmap([\"p\", \"q\"], [{}, {}])", self.string(d), self.string(d)),
        }
    }

    fn object(&mut self, depth: usize) -> String {
        let d = depth.saturating_sub(1);
        format!("{{ n = {}, s = {}, l = {} }}", self.number(d), self.string(d), self.list(d))
    }
}
