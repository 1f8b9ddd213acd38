//! The settings of providers, evaluated where someone looks.

use std::sync::Arc;

use super::view::View;
use super::{Evaluation, Scope};

/// A `provider` block of the root module or of one that is called.
#[derive(Debug)]
pub struct ProviderSettings<'e, 'w> {
    /// The module's address, then `provider`, the local name and the alias:
    /// `module.a.provider.aws.east`. `[*]` or a key stands behind it where there is a `for_each`.
    pub address: Arc<str>,
    /// The last part of the provider's source, which the types of its resources begin with: `aws`.
    pub ty: Arc<str>,
    /// What the block says.
    pub view: View<'e, 'w>,
}

impl<'w> Evaluation<'w> {
    /// The `provider` blocks of all modules, module by module; none for a `for_each` that is empty.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderSettings<'_, 'w>> {
        self.make_modules();
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(instance) = self.instance(at) {
            let module = instance.module;
            for it in module.providers() {
                let required = module.required_providers().find(|other| other.name == it.name);
                let source = required.and_then(|it| it.source);
                let ty = source.as_deref().and_then(|it| it.rsplit('/').next());
                let ty: Arc<str> = ty.map_or_else(|| it.name.clone(), Arc::from);
                let alias = it.alias.map(|it| format!(".{it}")).unwrap_or_default();
                let whole = format!("{}provider.{}{alias}", instance.prefix, it.name);
                // Who looks at the settings refuses nothing.
                let mark = self.mark_refusals();
                let instances = self.expand(it.block, &Scope::of(instance.clone()));
                drop(self.take_refusals(mark));
                for (key, scope) in instances {
                    let mut address = whole.clone();
                    key.write(&mut address);
                    let view = self.view_in(it.block, scope);
                    out.push(ProviderSettings { address: address.into(), ty: ty.clone(), view });
                }
            }
            at += 1;
        }
        out
    }
}
