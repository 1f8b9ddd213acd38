//! The provider's own declaration and settings.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use stanchion_cty::schema::{Attribute, Block, Object, misdeclared, validate};
use stanchion_cty::{Path, Problem, Problems, Value, convert};
use stanchion_tfplugin::tfplugin6 as tf;

use super::Service;
use crate::plan::with_defaults;
use crate::wire::{self, Owner};
use crate::{Environment, Provider, identity, managed};

/// The oldest Terraform and OpenTofu that are served: functions and state moves begin there.
const OLDEST: (u64, u64) = (1, 8);

impl<P: Provider> Service<P> {
    pub(super) fn metadata(&self) -> tf::get_metadata::Response {
        use tf::get_metadata::{
            DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ResourceMetadata,
        };
        let names = |it: &&'static str| (*it).to_owned();
        tf::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            resources: self
                .resources
                .keys()
                .map(|it| ResourceMetadata { type_name: names(it) })
                .collect(),
            data_sources: self
                .sources
                .keys()
                .map(|it| DataSourceMetadata { type_name: names(it) })
                .collect(),
            ephemeral_resources: self
                .ephemerals
                .keys()
                .map(|it| EphemeralMetadata { type_name: names(it) })
                .collect(),
            functions: self
                .functions
                .keys()
                .map(|it| FunctionMetadata { name: names(it) })
                .collect(),
            ..Default::default()
        }
    }

    pub(super) fn schema(&self) -> tf::get_provider_schema::Response {
        let resource = |version, object: &Object| wire::schema(Owner::Resource, version, object);
        tf::get_provider_schema::Response {
            provider: Some(wire::schema(Owner::Settings, 0, &P::Settings::object())),
            resource_schemas: self
                .resources
                .iter()
                .map(|(name, it)| ((*name).to_owned(), resource(it.0.version(), &it.0.object())))
                .collect(),
            data_source_schemas: self
                .sources
                .iter()
                .map(|(name, it)| ((*name).to_owned(), resource(0, &it.0.object())))
                .collect(),
            ephemeral_resource_schemas: self
                .ephemerals
                .iter()
                .map(|(name, it)| ((*name).to_owned(), resource(0, &it.0.object())))
                .collect(),
            functions: self.signatures(),
            server_capabilities: Some(capabilities()),
            diagnostics: self.misdeclared(),
            ..Default::default()
        }
    }

    /// The identities of those resources that have one.
    pub(super) fn identity_schemas(&self) -> HashMap<String, tf::ResourceIdentitySchema> {
        let schemas = self.resources.iter().filter_map(|(name, it)| {
            let schema = identity::schema(it.0.identity_version(), &it.0.object())?;
            Some(((*name).to_owned(), schema))
        });
        schemas.collect()
    }

    /// What is wrong with the declarations, each problem with the name of the thing.
    fn misdeclared(&self) -> Vec<tf::Diagnostic> {
        let settings = ("the provider", P::Settings::object());
        let resources = self.resources.iter().map(|(name, it)| (*name, it.0.object()));
        let sources = self.sources.iter().map(|(name, it)| (*name, it.0.object()));
        let ephemerals = self.ephemerals.iter().map(|(name, it)| (*name, it.0.object()));
        let all = [settings].into_iter().chain(resources).chain(sources).chain(ephemerals);
        let problems = all.flat_map(|(name, object)| {
            let problems = misdeclared(&object).into_iter();
            problems.map(move |it| wire::misdeclared(name, it))
        });
        problems.collect()
    }

    pub(super) fn validate_settings(
        &self,
        request: &tf::validate_provider_config::Request,
    ) -> tf::validate_provider_config::Response {
        let problems = self.settings_problems(request).unwrap_or_else(|it| it);
        tf::validate_provider_config::Response {
            diagnostics: wire::diagnostics("the provider", problems),
        }
    }

    fn settings_problems(
        &self,
        request: &tf::validate_provider_config::Request,
    ) -> Result<Problems, Problems> {
        let config = settings_value::<P>(request.config.as_ref())?;
        let object = P::Settings::object();
        let mut problems = validate(&object, &config);
        let filled = with_defaults(&object, &config);
        let settings: Option<P::Settings> = managed::read_if_known(&filled)?;
        problems.extend(settings.iter().flat_map(|it| self.provider.validate(it)));
        Ok(problems)
    }

    pub(super) fn configure(
        &self,
        request: &tf::configure_provider::Request,
    ) -> tf::configure_provider::Response {
        let problems = self.try_configure(request).err().unwrap_or_default();
        tf::configure_provider::Response {
            diagnostics: wire::diagnostics("the provider", problems),
        }
    }

    fn try_configure(&self, request: &tf::configure_provider::Request) -> Result<(), Problems> {
        refuse_old(&request.terraform_version)?;
        let config = settings_value::<P>(request.config.as_ref())?;
        let object = P::Settings::object();
        let settings = resolve(&object, &config, &self.environment)?;
        let named = |problems: Problems| -> Problems {
            problems.into_iter().map(|it| name_variable(&object, &config, it)).collect()
        };
        let problems = named(validate(&object, &settings));
        if !problems.is_empty() {
            return Err(problems);
        }
        let settings = managed::read(&settings)?;
        let client = self.provider.configure(settings, &self.environment).map_err(named)?;
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(client));
        Ok(())
    }
}

fn capabilities() -> tf::ServerCapabilities {
    tf::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        ..Default::default()
    }
}

fn settings_value<P: Provider>(config: Option<&tf::DynamicValue>) -> Result<Value, Problems> {
    let object = P::Settings::object();
    let config = wire::decode(config, &object.ty())?;
    if !config.is_null() {
        return Ok(config);
    }
    let nothing = object.attributes.iter().map(|it| (it.name.as_ref(), it.absent()));
    Ok(Value::object(nothing))
}

/// Each setting from the configuration, else from its variable, else its default.
fn resolve(object: &Object, config: &Value, environment: &Environment) -> Result<Value, Problems> {
    let mut problems = Problems::new();
    let settings = object.attributes.iter().map(|attribute| {
        let said = config.get(&attribute.name).filter(|it| !it.is_null()).cloned();
        let value = said.map(Ok).or_else(|| from_environment(attribute, environment));
        let value = value
            .or_else(|| attribute.default.clone().map(Ok))
            .unwrap_or_else(|| Ok(attribute.absent()));
        let value = value.unwrap_or_else(|problem| {
            problems.push(problem);
            Value::null(attribute.kind.ty())
        });
        (attribute.name.as_ref(), value)
    });
    let settings = Value::object(settings.collect::<Vec<_>>());
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn from_environment(
    attribute: &Attribute,
    environment: &Environment,
) -> Option<Result<Value, Problem>> {
    let variable = attribute.env.as_deref()?;
    let text = environment(variable)?;
    let ty = attribute.kind.ty();
    Some(convert(&Value::string(text), &ty).map_err(|_| {
        let path = Path::root().attribute(attribute.name.as_ref());
        let message = format!("comes from {variable}, which is no {}", ty.friendly());
        Problem::error(path, message).cure(format!("correct or unset {variable}"))
    }))
}

/// Says of a problem with a setting that the configuration does not hold, where it came from.
fn name_variable(object: &Object, config: &Value, mut problem: Problem) -> Problem {
    let Some(stanchion_cty::Step::Attribute(name)) = problem.path.steps().first() else {
        return problem;
    };
    let is_said = config.get(name).is_some_and(|it| !it.is_null());
    let variable = object.attribute(name).and_then(|it| it.env.as_deref());
    if let (false, Some(variable)) = (is_said, variable) {
        problem.message = format!("(from {variable}) {}", problem.message);
    }
    problem
}

/// Refuses a Terraform that lacks what the provider needs, in words that say so.
fn refuse_old(version: &str) -> Result<(), Problems> {
    let mut numbers = version.split(['.', '-', '+']).map(|it| it.parse::<u64>().ok());
    let (Some(Some(major)), Some(Some(minor))) = (numbers.next(), numbers.next()) else {
        return Ok(());
    };
    if (major, minor) >= OLDEST {
        return Ok(());
    }
    let (oldest_major, oldest_minor) = OLDEST;
    let message = format!(
        "needs Terraform or OpenTofu {oldest_major}.{oldest_minor} or newer, and this is {version}"
    );
    let cure = format!("upgrade to {oldest_major}.{oldest_minor} or newer");
    Err(Problem::error(Path::root(), message).cure(cure).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stanchion_cty::Type;
    use stanchion_cty::schema::{AttributeKind, Nesting, Presence};

    fn port() -> Object {
        let mut port = Attribute::new("port", AttributeKind::Plain(Type::Number));
        port.presence = Presence::Optional;
        port.env = Some("EXAMPLE_PORT".into());
        port.default = Some(Value::number(80));
        Object { attributes: vec![port], ..Object::default() }
    }

    fn resolved(config: Value, variable: Option<&'static str>) -> Result<Value, Problems> {
        let environment: Environment =
            Arc::new(move |name| variable.filter(|_| name == "EXAMPLE_PORT").map(str::to_owned));
        resolve(&port(), &Value::object([("port", config)]), &environment)
            .map(|it| it.get("port").cloned().unwrap())
    }

    #[test]
    fn a_setting_comes_from_the_configuration_else_the_variable_else_the_default() {
        let nothing = || Value::null(Type::Number);
        assert_eq!(resolved(Value::number(1), Some("2")), Ok(Value::number(1)));
        assert_eq!(resolved(nothing(), Some("2")), Ok(Value::number(2)));
        assert_eq!(resolved(nothing(), None), Ok(Value::number(80)));
        let unknown = Value::unknown(Type::Number);
        assert_eq!(resolved(unknown.clone(), Some("2")), Ok(unknown));
    }

    #[test]
    fn settings_without_a_block_have_none_of_them() {
        let inner = Object::default();
        let mut host = Attribute::new("host", AttributeKind::Nested(Nesting::List, inner.into()));
        host.block = true;
        host.presence = Presence::Optional;
        let none = Value::list(Object::default().ty(), []);
        let object = Object { attributes: vec![host.clone()], ..Object::default() };
        let nobody: Environment = Arc::new(|_| None);
        let config = Value::object([("host", Value::null(host.kind.ty()))]);
        let resolved = resolve(&object, &config, &nobody);
        assert_eq!(resolved, Ok(Value::object([("host", none.clone())])));
        assert_eq!(with_defaults(&object, &config), Value::object([("host", none)]));
    }

    #[test]
    fn a_variable_of_the_wrong_type_is_named() {
        let problems = resolved(Value::null(Type::Number), Some("many")).unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "port comes from EXAMPLE_PORT, which is no number; correct or unset EXAMPLE_PORT"
        );
    }

    #[test]
    fn a_terraform_that_is_too_old_is_told_so() {
        assert!(refuse_old("1.6.6").unwrap_err()[0].message.contains("this is 1.6.6"));
        assert_eq!(refuse_old("1.8.0"), Ok(()));
        assert_eq!(refuse_old("1.8.0-rc1"), Ok(()));
        assert_eq!(refuse_old("2.0.0"), Ok(()));
    }
}
