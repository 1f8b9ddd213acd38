//! The form of a log line, and what decides whether it is written.

use super::*;

fn at() -> Timestamp {
    // A whole second, so that trailing zeros would be lost if they could be.
    "2026-02-03T04:05:06Z".parse().unwrap()
}

/// The line as JSON, whose values must all be strings.
fn parse(line: &str) -> Vec<(String, String)> {
    assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line:?}");
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
    object.into_iter().map(|(name, it)| (name, it.as_str().unwrap().to_owned())).collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    &fields.iter().find(|it| it.0 == name).unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn a_line_is_what_hclog_writes() {
    let fields = [("resource_type", Field::from("example_thing")), ("attempts", 3_u64.into())];
    assert_eq!(
        line(at(), Level::Info, "provider.example", "created", &fields),
        "{\"@level\":\"info\",\"@message\":\"created\",\"@module\":\"provider.example\",\
         \"@timestamp\":\"2026-02-03T04:05:06.000000Z\",\
         \"resource_type\":\"example_thing\",\"attempts\":\"3\"}\n"
    );
}

#[test]
fn what_json_cannot_hold_is_escaped() {
    let text = "a \"b\" \\ \n\t\u{1b}[31m \u{85} ü 🦀";
    let line = line(at(), Level::Warn, "m", "x", &[("text", Field::public(text))]);
    assert_eq!(value(&parse(&line), "text"), text);
    assert!(!line.trim_end().chars().any(char::is_control), "{line:?}");
}

#[test]
fn a_long_text_is_cut_with_a_note_and_the_line_stays_below_the_limit() {
    // A control character takes six times its size.
    for text in ["é".repeat(40_000), "\u{1}".repeat(100_000)] {
        let fields: Vec<_> = (0..9).map(|_| ("text", Field::public(&text))).collect();
        let line = line(at(), Level::Trace, "m", "x", &fields);
        assert!(line.len() < 64 * 1024, "{}", line.len());
        assert!(line.contains("bytes left out)"));
        let left_out: usize = value(&parse(&line), "fields_left_out").parse().unwrap();
        assert!((1..9).contains(&left_out), "{left_out}");
    }
}

#[test]
fn a_field_cannot_take_the_place_of_the_level() {
    let line = line(at(), Level::Info, "m", "x", &[("@level", "panic".into())]);
    let fields = parse(&line);
    assert_eq!(value(&fields, "@level"), "info");
    assert_eq!(value(&fields, "level"), "panic");
}

#[test]
fn the_variable_nearest_to_the_provider_decides() {
    let wanted = |set: &[(&str, &str)]| {
        Level::wanted("two-words", &|name: &str| {
            set.iter().find(|it| it.0 == name).map(|it| it.1.into())
        })
    };
    assert_eq!(wanted(&[]), None);
    assert_eq!(wanted(&[("TF_LOG", "info")]), Some(Level::Info));
    assert_eq!(wanted(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "ERROR")]), Some(Level::Error));
    let own = ("TF_LOG_PROVIDER_TWO_WORDS", "debug");
    assert_eq!(wanted(&[("TF_LOG_PROVIDER", "ERROR"), own]), Some(Level::Debug));
    assert_eq!(wanted(&[("TF_LOG", "DEBUG"), ("TF_LOG_PROVIDER", "off")]), None);
    assert_eq!(wanted(&[("TF_LOG", "DEBUG"), ("TF_LOG_PROVIDER", "")]), Some(Level::Debug));
    assert_eq!(wanted(&[("TF_LOG", "json")]), Some(Level::Trace));
}

#[test]
fn what_matters_less_is_not_written() {
    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let sink = Sink::default();
    let log = Log::new(Some(Level::Warn), "example", sink.clone());
    log.info("no", &[]);
    log.warn("yes", &[]);
    log.error("yes", &[]);
    Log::new(None, "example", sink.clone()).error("no", &[]);
    let written = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    assert_eq!(written.matches("\"yes\"").count(), 2, "{written}");
    assert!(!written.contains("\"no\""), "{written}");
}
