//! Input that no Terraform sends, or only a broken one: each is told at its place, and the process
//! answers the next question.

use stanchion_cty::{Type, Value, msgpack};
use stanchion_tfplugin::tfplugin6::{self as tf, DynamicValue, RawState};
use tonic::Code;

use crate::client::{Client, encode, object, raw, told};

#[test]
fn values_that_are_none_are_told_at_their_place() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_thing");
    let whole = object(&ty, &[("name", "one".into())]);
    let bytes = msgpack::encode(&whole, &ty).unwrap();
    // The whole is a map of 13 attributes; in the place of one stands what is asked for.
    let with = |name: &str, value: &[u8]| {
        let mut bytes = vec![0x80 | 13];
        let Type::Object(attributes) = &ty else { panic!("{ty}") };
        for (attribute, _) in attributes.iter() {
            let said = if &**attribute == name { value } else { &[0xc0] };
            bytes.push(0xa0 | u8::try_from(attribute.len()).unwrap());
            bytes.extend(attribute.bytes());
            bytes.extend(said);
        }
        bytes
    };
    let mut unknown_attribute = with("name", b"\xa1a");
    unknown_attribute[0] += 1;
    unknown_attribute.extend(b"\xa5extra\xc0");
    let mut missing_attribute = bytes.clone();
    missing_attribute[0] -= 1;
    let rows: [(&str, Vec<u8>, &str, usize); 8] = [
        ("a bool for a string", with("name", b"\xc3"), "name ", 1),
        ("a map for a string", with("note", b"\x80"), "note ", 1),
        ("text that is not UTF-8", with("name", b"\xa2\xff\xfe"), "name ", 1),
        ("another attribute", unknown_attribute, "extra", 0),
        ("an attribute too few", missing_attribute, "is missing", 1),
        ("an early end", bytes[..bytes.len() - 3].to_vec(), "", 0),
        ("more than the value", [&bytes[..], &[0xc0]].concat(), "trial_thing ", 0),
        ("no object", b"\x93\xc0\xc0\xc0".to_vec(), "trial_thing ", 0),
    ];
    for (case, bytes, subject, steps) in rows {
        let request = tf::validate_resource_config::Request {
            type_name: "trial_thing".to_owned(),
            config: Some(raw(bytes)),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.validate_resource_config(request).await).unwrap();
        let told = told(&answer.diagnostics);
        assert_eq!(told.len(), 1, "{case}: {told:?}");
        assert!(told[0].0.contains(subject), "{case}: {told:?}");
        assert!(told[0].1 >= steps, "{case}: {told:?}");
    }
    client.lives();
}

#[test]
fn every_number_is_checked_against_what_it_must_fit_in() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_kinds");
    let parse = |text: &str| Value::from(stanchion_cty::Number::parse(text).unwrap());
    for (attribute, number, range) in [
        ("small", "256", "from 0 to 255, and is 256"),
        ("small", "-1", "from 0 to 255, and is -1"),
        ("small", "1.5", "from 0 to 255, and is 1.5"),
        ("whole", "9223372036854775808", "to 9223372036854775807, and is 9223372036854775808"),
        ("float", "1e400", "to 1.7976931348623157e308"),
    ] {
        let config = object(&ty, &[("name", "a".into()), (attribute, parse(number))]);
        let request = tf::validate_resource_config::Request {
            type_name: "trial_kinds".to_owned(),
            config: Some(encode(&config, &ty)),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.validate_resource_config(request).await).unwrap();
        let told = told(&answer.diagnostics);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0.contains(attribute) && told[0].0.contains(range), "{told:?}");
        assert_eq!(told[0].1, 1, "{told:?}");
    }
    client.lives();
}

#[test]
fn a_state_that_can_not_be_read_is_told_with_the_cure() {
    let mut client = Client::configured();
    let raw = |json: &str| RawState { json: json.to_owned().into(), ..Default::default() };
    let flatmap =
        RawState { flatmap: [("id".to_owned(), "1".to_owned())].into(), ..Default::default() };
    let rows = [
        ("trial_aged", 1, raw("{\"name\":"), "", "from a backup"),
        ("trial_aged", 2, raw("{\"name\":"), "", "from a backup"),
        ("trial_aged", 2, raw("{\"name\":[]}"), "name ", "from a backup"),
        ("trial_aged", 0, raw("[]"), "trial_aged ", "from a backup"),
        ("trial_aged", 0, raw("{}"), "trial_aged has no label", ""),
        ("trial_aged", 0, raw("{\"label\":\"panic\"}"), "panic: ordered by the label", "report"),
        ("trial_aged", 3, raw("{}"), "version 3 of its form", "at least the version"),
        ("trial_aged", 1, flatmap, "Terraform 0.11", "an older provider"),
        ("trial_aged", 1, RawState::default(), "Terraform 0.11", ""),
        ("trial_nothing", 0, raw("{}"), "trial_nothing is no resource of this provider", ""),
    ];
    for (name, version, state, message, cure) in rows {
        let request = tf::upgrade_resource_state::Request {
            type_name: name.to_owned(),
            version,
            raw_state: Some(state),
        };
        let answer = client.ask(async |it| it.upgrade_resource_state(request).await).unwrap();
        let told = told(&answer.diagnostics);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0.contains(message) && told[0].0.contains(cure), "{message}: {told:?}");
        assert_eq!(answer.upgraded_state, None);
    }
    client.lives();
}

#[test]
fn a_stored_state_is_read_whatever_is_too_much_or_too_little_in_it() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_aged");
    let number = "123456789012345678901234567890";
    for (version, json) in [
        (2, format!(r#"{{"name":"a","number":{number},"gone":{{"x":[1]}}}}"#)),
        (0, format!(r#"{{"label":"a","number":{number},"gone":true}}"#)),
        (2, format!(r#"{{"name":"a","number":"{number}"}}"#)),
    ] {
        let request = tf::upgrade_resource_state::Request {
            type_name: "trial_aged".to_owned(),
            version,
            raw_state: Some(RawState { json: json.into(), ..Default::default() }),
        };
        let answer = client.ask(async |it| it.upgrade_resource_state(request).await).unwrap();
        assert_eq!(told(&answer.diagnostics), []);
        let state = msgpack::decode(&answer.upgraded_state.unwrap().msgpack, &ty).unwrap();
        assert_eq!(state.get("number").unwrap().as_number().unwrap().to_string(), number);
        assert_eq!(state.get("name").unwrap().as_str(), Some("a"));
    }
    client.lives();
}

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    let mut client = Client::configured();
    let call = |value: DynamicValue| tf::call_function::Request {
        name: "echo".to_owned(),
        arguments: vec![value],
    };
    let huge = call(raw(vec![0; 256 * 1024 * 1024 + 1]));
    let status = client.ask(async |it| it.call_function(huge).await).unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
    client.lives();

    // A list in a list in a list, as deep as the message has bytes; its type is as deep.
    let depth = 100_000;
    let ty = format!("{}\"string\"{}", "[\"list\",".repeat(depth), "]".repeat(depth));
    let length = u32::try_from(ty.len()).unwrap().to_be_bytes();
    let deep = [&[0x92, 0xc6], &length[..], ty.as_bytes(), &vec![0x91; depth], &[0xa0]].concat();
    let answer = client.ask(async |it| it.call_function(call(raw(deep))).await).unwrap();
    assert!(answer.error.unwrap().text.contains("deep"), "of the type");
    client.lives();

    // What stands in a state is JSON, and says its depth by itself.
    let state = format!(r#"{{"name":"a","value":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let request = tf::upgrade_resource_state::Request {
        type_name: "trial_dynamic".to_owned(),
        version: 0,
        raw_state: Some(RawState { json: state.into(), ..Default::default() }),
    };
    let answer = client.ask(async |it| it.upgrade_resource_state(request).await).unwrap();
    assert_eq!(told(&answer.diagnostics).len(), 1);
    client.lives();
}

#[test]
fn what_is_not_there_is_said_to_be_not_there() {
    let mut client = Client::start();
    let ty = client.resource_type("trial_thing");
    let thing = encode(&object(&ty, &[("name", "one".into())]), &ty);
    let read = |name: &str| tf::read_resource::Request {
        type_name: name.to_owned(),
        current_state: Some(thing.clone()),
        ..Default::default()
    };
    let early = read("trial_thing");
    let answer = client.ask(async |it| it.read_resource(early).await).unwrap();
    assert!(told(&answer.diagnostics)[0].0.contains("before the provider was configured"));
    assert_eq!(answer.new_state, Some(thing.clone()), "the state is kept");

    let mut client = Client::configured();
    let request = read("trial_nothing");
    let answer = client.ask(async |it| it.read_resource(request).await).unwrap();
    assert!(told(&answer.diagnostics)[0].0.contains("trial_nothing is no resource"));
    let plan = tf::plan_resource_change::Request {
        type_name: "trial_nothing".to_owned(),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.plan_resource_change(plan).await).unwrap();
    assert!(told(&answer.diagnostics)[0].0.contains("trial_nothing is no resource"));
    let source = tf::read_data_source::Request {
        type_name: "trial_nothing".to_owned(),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.read_data_source(source).await).unwrap();
    assert!(told(&answer.diagnostics)[0].0.contains("trial_nothing is no data source"));
    let lease = tf::open_ephemeral_resource::Request {
        type_name: "trial_nothing".to_owned(),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.open_ephemeral_resource(lease).await).unwrap();
    assert!(told(&answer.diagnostics)[0].0.contains("trial_nothing is no ephemeral"));
    for (name, count, message) in [
        ("nothing", 0, "nothing is no function of this provider"),
        ("join", 0, "takes 1 arguments, and was given 0"),
        ("echo", 2, "takes 1 arguments, and was given 2"),
    ] {
        let arguments = vec![encode(&"a".into(), &Type::Dynamic); count];
        let request = tf::call_function::Request { name: name.to_owned(), arguments };
        let answer = client.ask(async |it| it.call_function(request).await).unwrap();
        assert!(answer.error.unwrap().text.contains(message), "{name}");
    }
    client.lives();
}

#[test]
fn what_was_not_sent_is_null_and_null_is_not_gone() {
    let mut client = Client::start();
    let config = tf::validate_provider_config::Request::default();
    let answer = client.ask(async |it| it.validate_provider_config(config).await).unwrap();
    assert_eq!(told(&answer.diagnostics), []);
    let config = tf::configure_provider::Request::default();
    let answer = client.ask(async |it| it.configure_provider(config).await).unwrap();
    assert_eq!(told(&answer.diagnostics), []);
    let ty = client.resource_type("trial_slow");
    let work = object(&ty, &[("name", "a".into()), ("seconds", Value::number(0))]);
    let request = tf::plan_resource_change::Request {
        type_name: "trial_slow".to_owned(),
        proposed_new_state: Some(encode(&work, &ty)),
        config: Some(encode(&work, &ty)),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.plan_resource_change(request).await).unwrap();
    assert_eq!(told(&answer.diagnostics), []);
    let planned = msgpack::decode(&answer.planned_state.unwrap().msgpack, &ty).unwrap();
    assert_eq!(planned.get("complete"), Some(&Value::unknown(Type::Bool)), "as of a new one");

    // A state that is null is no object that was looked for and not found.
    let request =
        tf::read_resource::Request { type_name: "trial_slow".to_owned(), ..Default::default() };
    let answer = client.ask(async |it| it.read_resource(request).await).unwrap();
    assert_eq!((told(&answer.diagnostics), answer.new_state), (vec![], None));
}

#[test]
fn a_panic_in_any_call_is_an_answer() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_thing");
    let panics = |diagnostics: &[tf::Diagnostic]| {
        let told = told(diagnostics);
        assert!(told[0].0.contains("panic: ordered"), "{told:?}");
        assert!(told[0].0.contains("tests/providers/trial/"), "{told:?}");
        assert!(told[0].0.contains("Please report this"), "{told:?}");
    };
    let note = object(&ty, &[("name", "a".into()), ("note", "panic in validate".into())]);
    let request = tf::validate_resource_config::Request {
        type_name: "trial_thing".to_owned(),
        config: Some(encode(&note, &ty)),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.validate_resource_config(request).await).unwrap();
    panics(&answer.diagnostics);

    let folder = client.objects().join("faults");
    std::fs::create_dir_all(&folder).unwrap();
    for deed in ["plan", "read", "create", "update", "delete", "import", "open"] {
        std::fs::write(folder.join(format!("{deed}.a")), "panic").unwrap();
    }
    let (state, null) = (object(&ty, &[("name", "a".into())]), Value::null(ty.clone()));
    let (state, null) = (encode(&state, &ty), encode(&null, &ty));
    let type_name = || "trial_thing".to_owned();
    let request = tf::plan_resource_change::Request {
        type_name: type_name(),
        proposed_new_state: Some(state.clone()),
        config: Some(state.clone()),
        prior_state: Some(null.clone()),
        ..Default::default()
    };
    panics(&client.ask(async |it| it.plan_resource_change(request).await).unwrap().diagnostics);
    let private = tf::read_resource::Request {
        type_name: type_name(),
        current_state: Some(state.clone()),
        private: r#"{"seal":"a"}"#.into(),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.read_resource(private).await).unwrap();
    panics(&answer.diagnostics);
    assert_eq!(answer.new_state, Some(state.clone()));
    assert_eq!(&answer.private[..], br#"{"seal":"a"}"#);
    for (prior, planned) in [(&null, &state), (&state, &state), (&state, &null)] {
        let request = tf::apply_resource_change::Request {
            type_name: type_name(),
            prior_state: Some(prior.clone()),
            planned_state: Some(planned.clone()),
            config: Some(planned.clone()),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.apply_resource_change(request).await).unwrap();
        panics(&answer.diagnostics);
        assert_eq!(answer.new_state.as_ref(), Some(prior), "what was there before");
    }
    let request = tf::import_resource_state::Request {
        type_name: type_name(),
        id: "a".to_owned(),
        ..Default::default()
    };
    panics(&client.ask(async |it| it.import_resource_state(request).await).unwrap().diagnostics);
    let lease =
        crate::client::object_type(&client.schema.ephemeral_resource_schemas["trial_lease"]);
    let request = tf::open_ephemeral_resource::Request {
        type_name: "trial_lease".to_owned(),
        config: Some(encode(&object(&lease, &[("name", "a".into())]), &lease)),
        ..Default::default()
    };
    panics(&client.ask(async |it| it.open_ephemeral_resource(request).await).unwrap().diagnostics);
    client.lives();
}

#[test]
fn what_the_provider_can_is_said_with_its_schema() {
    let mut client = Client::start();
    let said = client.schema.server_capabilities.unwrap();
    assert!(said.plan_destroy && said.get_provider_schema_optional, "{said:?}");
    assert!(said.move_resource_state, "{said:?}");
    assert!(!said.generate_resource_config, "{said:?}");
    let functions = tf::get_functions::Request::default();
    let functions = client.ask(async |it| it.get_functions(functions).await).unwrap().functions;
    assert_eq!(functions.len(), 20);
    assert_eq!(functions, client.schema.functions);
    let metadata = tf::get_metadata::Request::default();
    let metadata = client.ask(async |it| it.get_metadata(metadata).await).unwrap();
    assert_eq!(metadata.server_capabilities, Some(said));
    assert_eq!(metadata.resources.len(), client.schema.resource_schemas.len());
    // An object that is to be deleted is planned as nothing, which needs no reading.
    let ty = client.resource_type("trial_thing");
    let null = encode(&Value::null(ty.clone()), &ty);
    let request = tf::plan_resource_change::Request {
        type_name: "trial_thing".to_owned(),
        prior_state: Some(encode(&object(&ty, &[("name", "one".into())]), &ty)),
        proposed_new_state: Some(null.clone()),
        config: Some(null.clone()),
        prior_private: r#"{"seal":"one"}"#.into(),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.plan_resource_change(request).await).unwrap();
    assert_eq!(answer.planned_state, Some(null));
    assert_eq!(&answer.planned_private[..], br#"{"seal":"one"}"#);
    assert!(answer.diagnostics.is_empty() && !answer.legacy_type_system);
}

#[test]
fn an_attribute_that_is_newer_than_the_state_has_its_default() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_slow");
    // `honours` came later; a struct that has no room for null takes what the declaration says.
    let old = [("name", "a".into()), ("seconds", Value::number(0)), ("complete", true.into())];
    let state = encode(&object(&ty, &old), &ty);
    let read = tf::read_resource::Request {
        type_name: "trial_slow".to_owned(),
        current_state: Some(state),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.read_resource(read).await).unwrap();
    assert_eq!(told(&answer.diagnostics), []);
    let gone = msgpack::decode(&answer.new_state.unwrap().msgpack, &ty).unwrap();
    assert!(gone.is_null(), "{gone:?}");
}

#[test]
fn only_what_has_changed_asks_for_a_new_object() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_thing");
    let encoded = |set: &[(&str, Value)]| encode(&object(&ty, set), &ty);
    let prior = encoded(&[("name", "a".into()), ("note", "a".into()), ("colour", "blue".into())]);
    for (name, paths) in
        [(Value::from("a"), 0), (Value::from("b"), 1), (Value::unknown(Type::String), 1)]
    {
        let config = encoded(&[("name", name), ("note", "b".into())]);
        let request = tf::plan_resource_change::Request {
            type_name: "trial_thing".to_owned(),
            prior_state: Some(prior.clone()),
            proposed_new_state: Some(config.clone()),
            config: Some(config),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.plan_resource_change(request).await).unwrap();
        assert_eq!(told(&answer.diagnostics), []);
        assert_eq!(answer.requires_replace.len(), paths, "{:?}", answer.requires_replace);
    }
}
