//! A host that speaks to the provider's process directly, and can send it any bytes.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use hyper_util::rt::TokioIo;
use stanchion_cty::{Type, Value, json, msgpack};
use stanchion_tfplugin::tfplugin6::provider_client::ProviderClient;
use stanchion_tfplugin::tfplugin6::schema::object::NestingMode;
use stanchion_tfplugin::tfplugin6::{self as tf, Diagnostic, DynamicValue};
use tempfile::TempDir;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;
use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};
use tower::service_fn;

/// The provider's process, and a connection to it without TLS.
pub(crate) struct Client {
    runtime: Runtime,
    calls: ProviderClient<Channel>,
    pub(crate) schema: tf::get_provider_schema::Response,
    child: Child,
    folder: TempDir,
}

impl Client {
    /// A process that is not configured yet.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_terraform-provider-trial"))
            .env_clear()
            .env("TMPDIR", folder.path())
            .env("PLUGIN_PROTOCOL_VERSIONS", "6")
            .env(
                "TF_PLUGIN_MAGIC_COOKIE",
                "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let socket = PathBuf::from(line.split('|').nth(3).unwrap());
        let runtime = Runtime::new().unwrap();
        let connector = service_fn(move |_| {
            let socket = socket.clone();
            async move { UnixStream::connect(socket).await.map(TokioIo::new) }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        let channel = runtime.block_on(endpoint.connect_with_connector(connector)).unwrap();
        let mut calls = ProviderClient::new(channel)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX);
        let schema = calls.get_provider_schema(tf::get_provider_schema::Request::default());
        let schema = runtime.block_on(schema).unwrap().into_inner();
        Self { runtime, calls, schema, child, folder }
    }

    /// A process that is configured, its objects in a folder of its own.
    pub(crate) fn configured() -> Self {
        let mut client = Self::start();
        let ty = object_type(client.schema.provider.as_ref().unwrap());
        let root = client.objects();
        std::fs::create_dir_all(&root).unwrap();
        let config = object(&ty, &[("root", root.to_str().unwrap().into())]);
        let request = tf::configure_provider::Request {
            terraform_version: "1.15.5".to_owned(),
            config: Some(encode(&config, &ty)),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.configure_provider(request).await).unwrap();
        assert_eq!(answer.diagnostics, []);
        client
    }

    /// Asks one question.
    pub(crate) fn ask<T>(
        &mut self,
        call: impl AsyncFnOnce(&mut ProviderClient<Channel>) -> Result<Response<T>, Status>,
    ) -> Result<T, Status> {
        self.runtime.block_on(call(&mut self.calls)).map(Response::into_inner)
    }

    /// The folder of the objects.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join("objects")
    }

    /// The type of a resource's values.
    pub(crate) fn resource_type(&self, name: &str) -> Type {
        object_type(&self.schema.resource_schemas[name])
    }

    /// Whether the process answers yet.
    #[track_caller]
    pub(crate) fn lives(&mut self) {
        let arguments = vec![encode(&"a".into(), &Type::Dynamic)];
        let request = tf::call_function::Request { name: "echo".to_owned(), arguments };
        let answer = self.ask(async |it| it.call_function(request).await).unwrap();
        let bytes = answer.result.unwrap().msgpack;
        assert_eq!(msgpack::decode(&bytes, &Type::Dynamic).unwrap(), "a".into());
        assert!(self.child.try_wait().unwrap().is_none());
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// An object of that type: these attributes, and null for the others.
pub(crate) fn object(ty: &Type, set: &[(&str, Value)]) -> Value {
    let Type::Object(attributes) = ty else { panic!("{ty} is no object") };
    Value::object(attributes.iter().map(|(name, it)| {
        let value = set.iter().find(|(set, _)| *set == &**name).map(|(_, it)| it.clone());
        (name.clone(), value.unwrap_or_else(|| Value::null(it.ty.clone())))
    }))
}

pub(crate) fn encode(value: &Value, ty: &Type) -> DynamicValue {
    raw(msgpack::encode(value, ty).unwrap())
}

/// Bytes that are sent as a value, whatever they are.
pub(crate) fn raw(bytes: Vec<u8>) -> DynamicValue {
    DynamicValue { msgpack: bytes.into(), ..Default::default() }
}

/// Diagnostics as `summary; detail`, with the number of steps to their attribute.
pub(crate) fn told(diagnostics: &[Diagnostic]) -> Vec<(String, usize)> {
    let steps = |it: &Diagnostic| it.attribute.as_ref().map_or(0, |it| it.steps.len());
    diagnostics.iter().map(|it| (format!("{}; {}", it.summary, it.detail), steps(it))).collect()
}

pub(crate) fn object_type(schema: &tf::Schema) -> Type {
    block_type(schema.block.as_ref().unwrap())
}

fn block_type(block: &tf::schema::Block) -> Type {
    use tf::schema::nested_block::NestingMode;
    let blocks = block.block_types.iter().map(|it| {
        let object = block_type(it.block.as_ref().unwrap());
        let ty = match it.nesting() {
            NestingMode::List => Type::list(object),
            NestingMode::Set => Type::set(object),
            NestingMode::Map => Type::map(object),
            NestingMode::Single | NestingMode::Group | NestingMode::Invalid => object,
        };
        (it.type_name.as_str(), ty)
    });
    Type::object(typed(&block.attributes).chain(blocks))
}

fn attributes_type(attributes: &[tf::schema::Attribute]) -> Type {
    Type::object(typed(attributes))
}

fn typed(attributes: &[tf::schema::Attribute]) -> impl Iterator<Item = (&str, Type)> {
    attributes.iter().map(|it| {
        let ty = match &it.nested_type {
            None => json::type_from_json(&it.r#type).unwrap(),
            Some(nested) => {
                let object = attributes_type(&nested.attributes);
                match nested.nesting() {
                    NestingMode::List => Type::list(object),
                    NestingMode::Set => Type::set(object),
                    NestingMode::Map => Type::map(object),
                    NestingMode::Single | NestingMode::Invalid => object,
                }
            }
        };
        (it.name.as_str(), ty)
    })
}
