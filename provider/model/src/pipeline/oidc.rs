//! How deployments prove who they are to a cloud, without a key that somebody keeps.

use stanchion_cty::schema::{Block, Leaf, matches, not_blank};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problems, Value, schema::exactly_one};

use super::actions::Pins;
use super::environments::{Sites, named, unnamed};
use super::expression::{one_line, plain};
use super::lens::{known, text};
use super::made::step_using;
use crate::NotKnown;

/// How deployments prove who they are to a cloud: GitHub tells it which workflow of which repository
/// runs, and it answers with credentials for an hour. Exactly one of the clouds.
#[derive(Clone, Debug, Default, PartialEq, Block)]
#[block(check = is_one)]
pub struct Oidc {
    /// Amazon Web Services.
    #[attr(optional)]
    pub aws: Leaf<Aws>,
    /// Google Cloud.
    #[attr(optional)]
    pub google: Leaf<Google>,
    /// Microsoft Azure.
    #[attr(optional)]
    pub azure: Leaf<Azure>,
}

fn is_one(value: &Value, path: &Path) -> Problems {
    exactly_one(value, path, &["aws", "google", "azure"])
}

/// Amazon Web Services.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Aws {
    /// The role that is assumed: `"arn:aws:iam::123456789012:role/deploy-{environment}"`, where
    /// `{environment}` is the name of each environment.
    #[attr(required, check = is_role(), check = plain(), check = one_line())]
    pub role: Leaf<String>,
    /// The region: `"eu-west-1"`.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub region: Leaf<String>,
}

/// Google Cloud.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Google {
    /// The provider of identities:
    /// `"projects/123/locations/global/workloadIdentityPools/POOL/providers/PROVIDER"`.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub workload_identity_provider: Leaf<String>,
    /// The service account: `"deploy-{environment}@project.iam.gserviceaccount.com"`.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub service_account: Leaf<String>,
}

/// Microsoft Azure.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Azure {
    /// The client's id.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub client_id: Leaf<String>,
    /// The tenant's id.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub tenant_id: Leaf<String>,
    /// The subscription's id.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub subscription_id: Leaf<String>,
}

pub(super) fn is_role() -> stanchion_cty::schema::Check {
    matches("must be the ARN of a role, such as \"arn:aws:iam::123456789012:role/deploy\"", |it| {
        it.starts_with("arn:aws") && it.contains(":role/")
    })
}

/// An action that logs in, and which of its inputs each attribute is.
struct Login {
    action: &'static str,
    inputs: &'static [&'static str],
}

const LOGINS: [Login; 3] = [
    Login {
        action: "aws-actions/configure-aws-credentials",
        inputs: &["role-to-assume", "aws-region"],
    },
    Login {
        action: "google-github-actions/auth",
        inputs: &["workload_identity_provider", "service_account"],
    },
    Login { action: "azure/login", inputs: &["client-id", "tenant-id", "subscription-id"] },
];

impl Oidc {
    /// The step that logs in, for an environment; with `role` instead of its own first attribute, which
    /// says as whom.
    pub(super) fn step(
        &self,
        environment: &str,
        role: Option<&str>,
        pins: Pins<'_>,
    ) -> Result<Item, NotKnown> {
        let (login, values) = self.said()?;
        let mut with = Vec::new();
        for (i, (input, value)) in login.inputs.iter().zip(values).enumerate() {
            let value = match role.filter(|_| i == 0) {
                Some(it) => Some(it),
                None => known(value)?.map(String::as_str),
            };
            with.extend(value.map(|it| (*input, Item::string(named(it, environment)))));
        }
        Ok(Item::map([("uses", pins.uses(login.action)?), ("with", Item::map(with))]))
    }

    fn said(&self) -> Result<(&'static Login, Vec<&Leaf<String>>), NotKnown> {
        let [aws, google, azure] = &LOGINS;
        Ok(match (known(&self.aws)?, known(&self.google)?, known(&self.azure)?) {
            (Some(it), ..) => (aws, vec![&it.role, &it.region]),
            (_, Some(it), _) => (google, vec![&it.workload_identity_provider, &it.service_account]),
            (.., Some(it)) => (azure, vec![&it.client_id, &it.tenant_id, &it.subscription_id]),
            _ => (aws, Vec::new()),
        })
    }

    /// What the steps of jobs say that log in, each with the environment of its job.
    pub(super) fn read(found: &Sites<'_>) -> Leaf<Self> {
        for (i, login) in LOGINS.iter().enumerate() {
            let steps: Sites<'_> = found
                .iter()
                .filter_map(|(name, job)| Some((*name, step_using(job, login.action)?)))
                .collect();
            if steps.is_empty() {
                continue;
            }
            let mut inputs = login
                .inputs
                .iter()
                .map(|input| unnamed(&steps, |step| step.get("with")?.get(input).and_then(text)));
            let mut next = || inputs.next().unwrap_or_default();
            let it = match i {
                0 => Self {
                    aws: Leaf::Known(Aws { role: next(), region: next() }),
                    ..Self::default()
                },
                1 => Self {
                    google: Leaf::Known(Google {
                        workload_identity_provider: next(),
                        service_account: next(),
                    }),
                    ..Self::default()
                },
                _ => Self {
                    azure: Leaf::Known(Azure {
                        client_id: next(),
                        tenant_id: next(),
                        subscription_id: next(),
                    }),
                    ..Self::default()
                },
            };
            return Leaf::Known(it);
        }
        Leaf::Null
    }
}

/// As whom a job logs in to Amazon Web Services.
pub(super) fn role(job: &Node) -> Option<&str> {
    let [aws, ..] = &LOGINS;
    step_using(job, aws.action)?.get("with")?.get(aws.inputs.first()?).and_then(text)
}
