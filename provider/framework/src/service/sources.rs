//! What Terraform asks of a data source.

use stanchion_cty::Problems;
use stanchion_tfplugin::tfplugin6 as tf;

use super::{GRACE, Service, find, within};
use crate::plan::{forget_unknown, settle};
use crate::{Provider, Timeouts, wire};

impl<P: Provider> Service<P> {
    pub(super) fn validate_source(
        &self,
        request: &tf::validate_data_resource_config::Request,
    ) -> tf::validate_data_resource_config::Response {
        let problems = find(&self.sources, &request.type_name, "data source").and_then(|source| {
            let config = wire::decode(request.config.as_ref(), &source.0.ty());
            Ok(source.0.validate(&config?))
        });
        tf::validate_data_resource_config::Response {
            diagnostics: wire::diagnostics(&request.type_name, problems.unwrap_or_else(|it| it)),
        }
    }

    pub(super) async fn read_source(
        &self,
        request: &tf::read_data_source::Request,
    ) -> tf::read_data_source::Response {
        let mut problems = Problems::new();
        let state = match self.try_read_source(request, &mut problems).await {
            Ok(state) => Some(state),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        tf::read_data_source::Response {
            state,
            diagnostics: wire::diagnostics(&request.type_name, problems),
            ..Default::default()
        }
    }

    async fn try_read_source(
        &self,
        request: &tf::read_data_source::Request,
        warnings: &mut Problems,
    ) -> Result<tf::DynamicValue, Problems> {
        let source = find(&self.sources, &request.type_name, "data source")?;
        let (object, ty) = (source.0.object(), source.0.ty());
        let config = wire::decode(request.config.as_ref(), &ty)?;
        let config = crate::plan::with_defaults(&object, &config);
        let (mut cx, stop) = self.context(&[])?;
        let limit = Timeouts::DEFAULT.said_by(&config).read;
        let done = within(limit, GRACE, stop, source.0.read(&config, &mut cx)).await;
        warnings.extend(cx.take_problems());
        let state = done??;
        let state = forget_unknown(&object, settle(&object, Some(&config), state));
        wire::encode(&state, &ty).map_err(Problems::from)
    }
}
