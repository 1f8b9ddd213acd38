//! What must not be seen is seen nowhere: not in a state, a plan, a log, nor in a message.

use std::fs;
use std::path::Path;
use std::process::Command;

use stanchion_tests::{Output, Terraform};

use stanchion_tests::place::{Place, with_trial};

/// Long enough that it stands nowhere by chance, also in pieces.
const WRITE_ONLY: &str = "canary-written-5d8f0c1e7a";
const EPHEMERAL: &str = "canary-leased-93b1e6d2f4";

#[test]
fn a_secret_is_in_no_state_plan_log_or_message() {
    for terraform in [Terraform::version("1.12.2"), Terraform::newest()] {
        let log = tempfile::tempdir().unwrap();
        let log = log.path().join("trace.log");
        let place = Place::new(&terraform)
            .with_env("TF_LOG", "trace")
            .with_env("TF_LOG_PATH", &log)
            .with_env("TF_VAR_written", WRITE_ONLY)
            .with_env("TF_VAR_leased", EPHEMERAL);
        place.order("create.broken", "panic");
        place.order("create.late", "late");
        place.workspace.write("main.tf", with_trial(SECRETS));
        let mut printed = String::new();
        let mut run = |arguments: &[&str]| {
            let output: Output = place.workspace.run(arguments);
            printed.push_str(&output.both());
            output
        };
        run(&["validate"]).success();
        run(&["plan", "-out=test.tfplan"]).success();
        run(&["show", "-json", "test.tfplan"]).success();
        let output = run(&["apply", "test.tfplan"]).failure();
        assert!(output.words().contains("panic: ordered for broken"), "{output}");
        run(&["plan", "-out=second.tfplan"]).success();
        run(&["show", "-json"]).success();
        // It was there: the object was told both.
        assert_eq!(place.read("told/whole").as_deref(), Some(WRITE_ONLY));
        assert_eq!(place.read("told/leased").as_deref(), Some(EPHEMERAL));

        clean("what was printed", printed.as_bytes());
        for plan in ["test.tfplan", "second.tfplan"] {
            let members = unzipped(&place.workspace.path().join(plan));
            assert!(String::from_utf8_lossy(&members).contains("trial_thing"));
            // The plan keeps what variables are, but not those that are ephemeral.
            clean(plan, &members);
        }
        clean("the state", place.workspace.read("terraform.tfstate").as_bytes());
        let log = fs::read(&log).unwrap();
        assert!(log.len() > 10_000 && String::from_utf8_lossy(&log).contains("provider.trial"));
        clean("the log", &log);
    }
}

const SECRETS: &str = r#"
variable "written" {
  type      = string
  ephemeral = true
}
variable "leased" {
  type      = string
  ephemeral = true
}
ephemeral "trial_lease" "l" {
  name   = "l"
  wanted = var.leased
}
resource "trial_thing" "whole" {
  name          = "whole"
  token         = var.written
  token_version = 1
}
resource "trial_thing" "leased" {
  name  = "leased"
  token = ephemeral.trial_lease.l.token
}
resource "trial_thing" "broken" {
  name  = "broken"
  token = var.written
}
resource "trial_thing" "late" {
  name  = "late"
  token = var.written
}
"#;

/// The secrets, and what they look like in base64 at each of its three alignments.
fn clean(subject: &str, bytes: &[u8]) {
    use base64::Engine as _;
    for secret in [WRITE_ONLY, EPHEMERAL] {
        let encoded = (0..3).map(|shift| {
            let text = format!("{}{secret}", "x".repeat(shift));
            let text = base64::engine::general_purpose::STANDARD.encode(text);
            text[4..text.len() - 4].to_owned()
        });
        for needle in encoded.chain([secret.to_owned()]) {
            let at = bytes.windows(needle.len()).position(|it| it == needle.as_bytes());
            let around = at.map(|at| {
                let (from, to) = (at.saturating_sub(300), (at + 100).min(bytes.len()));
                String::from_utf8_lossy(&bytes[from..to]).into_owned()
            });
            assert_eq!(around, None, "{needle} is in {subject}");
        }
    }
}

/// The members of an archive, one after the other.
fn unzipped(archive: &Path) -> Vec<u8> {
    let program = "import sys, zipfile\n\
                   z = zipfile.ZipFile(sys.argv[1])\n\
                   [sys.stdout.buffer.write(z.read(n)) for n in z.namelist()]";
    let output = Command::new("python3").args(["-c", program]).arg(archive).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}
