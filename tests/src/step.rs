//! The steps of a test: a configuration is applied, and then there must be nothing left to do.
//!
//! The order is that of terraform-plugin-testing's test steps.

use std::fs;

use crate::json::{Diagnostic, Plan, State, differing};
use crate::workspace::{PLAN, Workspace};

/// What a step did.
#[derive(Debug, Clone)]
pub struct Step {
    /// The plan that was applied.
    pub plan: Plan,
    /// The state after it.
    pub state: State,
}

impl Workspace {
    /// Applies `main.tf` with this text: plan, apply that plan, plan without refresh, plan with
    /// refresh. A test fails where one of these fails, or where one of the latter two has anything
    /// to do.
    #[track_caller]
    pub fn step(&self, configuration: &str) -> Step {
        let step = self.apply_step(configuration);
        for options in [&["-refresh=false"][..], &[]] {
            let after = self.plan_command(options);
            if after.status != 0 {
                panic!("after an apply, there is still something to do: {after}");
            }
        }
        step
    }

    /// The same for a configuration that never comes to rest: the plan after the apply must have
    /// something to do, and is returned beside the step.
    #[track_caller]
    pub fn step_leaving_changes(&self, configuration: &str) -> (Step, Plan) {
        let step = self.apply_step(configuration);
        let after = self.plan();
        if after.is_empty {
            panic!("after an apply, nothing is left to do: {}", after.output);
        }
        (step, after)
    }

    /// The plan for `main.tf` with this text, which is not applied.
    #[track_caller]
    pub fn plan_of(&self, configuration: &str) -> Plan {
        self.prepare(configuration);
        self.plan()
    }

    /// Applies `main.tf` with this text in one go: where a test begins, but not what it is about.
    #[track_caller]
    pub fn make(&self, configuration: &str) {
        self.prepare(configuration);
        self.apply();
    }

    /// The errors for `main.tf` with this text: those of the plan, or of its apply where the plan
    /// has none. A test fails where both succeed.
    #[track_caller]
    pub fn errors(&self, configuration: &str) -> Vec<Diagnostic> {
        self.prepare(configuration);
        let out = format!("-out={PLAN}");
        let mut output = self.run(["plan", "-json", &out]);
        if output.status == 0 {
            output = self.run(["apply", "-json", PLAN]);
        }
        let output = output.failure();
        let mut diagnostics = Diagnostic::all(&output.stdout);
        diagnostics.retain(|it| it.severity == "error");
        if diagnostics.is_empty() {
            panic!("failed without an error: {output}");
        }
        diagnostics
    }

    /// Forgets a resource, imports it with the command `import`, and compares every attribute with
    /// what was in the state; `ignored` are the paths that only configuration can hold, such as
    /// `password` or `jobs.test.stage`.
    /// The state is then as it was. Returns what was imported.
    #[track_caller]
    pub fn import_by_command(&self, address: &str, id: &str, ignored: &[&str]) -> State {
        self.import(address, ignored, || drop(self.run(["import", address, id]).success()))
    }

    /// The same with an `import` block, whose plan must change nothing.
    #[track_caller]
    pub fn import_by_block(&self, address: &str, id: &str, ignored: &[&str]) -> State {
        self.import_with(address, &format!("id = {id:?}"), ignored)
    }

    /// The same with an `import` block that names the identity: `{ name = "one" }`. Terraform 1.12
    /// and newer can.
    #[track_caller]
    pub fn import_by_identity(&self, address: &str, identity: &str, ignored: &[&str]) -> State {
        self.import_with(address, &format!("identity = {identity}"), ignored)
    }

    #[track_caller]
    fn import_with(&self, address: &str, by: &str, ignored: &[&str]) -> State {
        self.import(address, ignored, || {
            self.write(IMPORT, import_block(address, by));
            let plan = self.plan();
            if !plan.changes().is_empty() || !plan.change(address)["importing"].is_object() {
                panic!("the import changes something, or is none: {}", plan.output);
            }
            self.apply_plan();
            self.remove(IMPORT);
        })
    }

    /// Lets Terraform write the configuration of something that exists: `configuration` is all but
    /// that resource. Returns what was written, and the plan for it, which imports. The state is
    /// then as it was; `main.tf` is `configuration`.
    #[track_caller]
    pub fn import_generating(
        &self,
        configuration: &str,
        address: &str,
        id: &str,
    ) -> (String, Plan) {
        let state = self.read(STATE);
        self.remove(STATE);
        self.prepare(configuration);
        self.write(IMPORT, import_block(address, &format!("id = {id:?}")));
        self.run(["plan", &format!("-generate-config-out={GENERATED}")]).success();
        let generated = self.read(GENERATED);
        let plan = self.plan();
        self.remove(IMPORT);
        self.remove(GENERATED);
        self.write(STATE, state);
        (generated, plan)
    }

    /// Plans, looks, applies; what comes after is the caller's.
    #[track_caller]
    pub(crate) fn apply_step(&self, configuration: &str) -> Step {
        self.prepare(configuration);
        let plan = self.plan();
        self.apply_plan();
        Step { plan, state: self.state() }
    }

    #[track_caller]
    fn prepare(&self, configuration: &str) {
        self.write("main.tf", configuration);
        if self.needs_init() {
            self.init();
        }
    }

    #[track_caller]
    fn import(&self, address: &str, ignored: &[&str], import: impl FnOnce()) -> State {
        let before = self.read(STATE);
        let held = self.state().values(address);
        self.run(["state", "rm", address]).success();
        import();
        let imported = self.state();
        let found = imported.values(address);
        let mut differing = differing(&held, &found);
        differing.retain(|path| !ignored.iter().any(|it| is_below(path, it)));
        if !differing.is_empty() {
            panic!("imported otherwise: {differing:?}\nheld: {held:#}\nimported: {found:#}");
        }
        self.write(STATE, before);
        imported
    }

    #[track_caller]
    fn remove(&self, file: &str) {
        if let Err(error) = fs::remove_file(self.path().join(file)) {
            panic!("{file}: {error}");
        }
    }
}

const STATE: &str = "terraform.tfstate";
const IMPORT: &str = "import.tf";
const GENERATED: &str = "generated.tf";

/// Whether a path is another one or leads further.
fn is_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn import_block(address: &str, by: &str) -> String {
    format!("import {{\n  to = {address}\n  {by}\n}}\n")
}
