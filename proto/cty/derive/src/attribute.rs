//! What a field's `#[attr(…)]` and doc comments say.

use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Field, Ident, Lit, LitStr, Meta, Path, Token};

/// A field, read.
pub(crate) struct Attribute {
    pub(crate) field: Ident,
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
    pub(crate) replace: bool,
    pub(crate) keep: bool,
    pub(crate) flatten: bool,
    pub(crate) variadic: bool,
    pub(crate) block: bool,
    pub(crate) identity: bool,
    pub(crate) follows: Vec<String>,
    pub(crate) default: Option<Expr>,
    pub(crate) env: Option<LitStr>,
    pub(crate) checks: Vec<Expr>,
    pub(crate) same: Option<Path>,
    pub(crate) deprecated: Option<LitStr>,
}

impl Attribute {
    pub(crate) fn read(field: &Field) -> syn::Result<Self> {
        let ident = field
            .ident
            .clone()
            .ok_or_else(|| syn::Error::new_spanned(field, "a Block's fields have names"))?;
        let mut it = Self {
            name: ident.unraw().to_string(),
            field: ident,
            docs: docs(&field.attrs),
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            replace: false,
            keep: false,
            flatten: false,
            variadic: false,
            block: false,
            identity: false,
            follows: Vec::new(),
            default: None,
            env: None,
            checks: Vec::new(),
            same: None,
            deprecated: None,
        };
        for attribute in field.attrs.iter().filter(|it| it.path().is_ident("attr")) {
            let said =
                attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
            for meta in said {
                it.take(meta)?;
            }
        }
        it.agree()?;
        Ok(it)
    }

    fn take(&mut self, meta: Meta) -> syn::Result<()> {
        let word = meta.path().require_ident()?.to_string();
        match (word.as_str(), meta) {
            ("required", Meta::Path(_)) => self.required = true,
            ("optional", Meta::Path(_)) => self.optional = true,
            ("computed", Meta::Path(_)) => self.computed = true,
            ("sensitive", Meta::Path(_)) => self.sensitive = true,
            ("write_only", Meta::Path(_)) => self.write_only = true,
            ("replace", Meta::Path(_)) => self.replace = true,
            ("keep", Meta::Path(_)) => self.keep = true,
            ("flatten", Meta::Path(_)) => self.flatten = true,
            ("variadic", Meta::Path(_)) => self.variadic = true,
            ("block", Meta::Path(_)) => self.block = true,
            ("identity", Meta::Path(_)) => self.identity = true,
            ("follows", Meta::List(list)) => {
                let names =
                    list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
                self.follows = names.iter().map(|it| it.unraw().to_string()).collect();
            }
            ("default", Meta::NameValue(it)) => self.default = Some(it.value),
            ("check", Meta::NameValue(it)) => self.checks.push(it.value),
            ("env", Meta::NameValue(it)) => self.env = Some(text(it.value)?),
            ("name", Meta::NameValue(it)) => self.name = text(it.value)?.value(),
            ("deprecated", Meta::NameValue(it)) => self.deprecated = Some(text(it.value)?),
            ("same", Meta::NameValue(it)) => match it.value {
                Expr::Path(path) => self.same = Some(path.path),
                other => return Err(syn::Error::new_spanned(other, "name a function")),
            },
            (_, meta) => {
                return Err(syn::Error::new_spanned(meta, "is no word of #[attr(…)] in this form"));
            }
        }
        Ok(())
    }

    fn says_more_than_flatten(&self) -> bool {
        let flags = [self.required, self.optional, self.replace, self.block, self.identity];
        flags.contains(&true)
            || self.says_what_only_an_attribute_can_be()
            || self.deprecated.is_some()
            || !self.checks.is_empty()
    }

    fn says_what_only_an_attribute_can_be(&self) -> bool {
        let flags = [self.computed, self.sensitive, self.write_only, self.keep, self.variadic];
        let values = [self.default.is_some(), self.env.is_some(), self.same.is_some()];
        flags.contains(&true) || values.contains(&true) || !self.follows.is_empty()
    }

    /// Words that contradict each other.
    fn agree(&self) -> syn::Result<()> {
        let wrong = [
            (self.required && (self.optional || self.computed), "required stands alone"),
            (self.default.is_some() && !self.optional, "a default is for an optional attribute"),
            (self.default.is_some() && self.computed, "a default leaves nothing to compute"),
            (self.write_only && self.computed, "what is write_only can't be computed"),
            (self.write_only && self.default.is_some(), "what is write_only has no default"),
            (self.flatten && self.says_more_than_flatten(), "flatten stands alone"),
            (
                self.block && self.says_what_only_an_attribute_can_be(),
                "a block is required or optional; all else is said of the attributes in it",
            ),
            (self.identity && self.block, "a block is no part of an identity"),
            (
                self.identity && (self.sensitive || self.write_only),
                "an identity is stored and shown, so nothing secret is part of it",
            ),
            (
                self.identity && !self.replace && (self.optional || !self.computed),
                "an identity stays as long as the object: say replace, or computed alone",
            ),
            (self.keep && !self.follows.is_empty(), "keep follows nothing"),
            (
                (self.keep || !self.follows.is_empty()) && !self.computed,
                "keep and follows are for computed attributes",
            ),
        ];
        match wrong.iter().find(|(is_wrong, _)| *is_wrong) {
            Some((_, message)) => Err(syn::Error::new_spanned(&self.field, message)),
            None => Ok(()),
        }
    }
}

/// The doc comment as Markdown, the blank after each `///` taken off.
pub(crate) fn docs(attributes: &[syn::Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|it| it.path().is_ident("doc"))
        .filter_map(|it| match &it.meta.require_name_value().ok()?.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').map_or(line.clone(), str::to_owned))
        .collect();
    lines.join("\n").trim().to_owned()
}

fn text(value: Expr) -> syn::Result<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(it), .. }) => Ok(it),
        other => Err(syn::Error::new_spanned(other, "say a text in quotes")),
    }
}
