"""Configurations with many resources, and what Terraform and the provider need for them."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent

# 300 bytes each, all different.
INPUT = '"${format("%04d", count.index)}-${join("", [for i in range(29) : "abcdefghij"])}abcde"'

TEXTS = """
terraform {{
  required_providers {{
    bench = {{ source = "stanchion/bench" }}
  }}
}}

resource "bench_note" "it" {{
  count = {count}
  input = {input}
}}
"""

PEERS = """
resource "terraform_data" "it" {{
  count = {count}
  input = {input}
}}
"""

PIPELINES = """
terraform {{
  required_providers {{
    stanchion = {{ source = "stanchion/stanchion" }}
  }}
}}

provider "stanchion" {{
  root = "."
}}

resource "stanchion_pipeline" "it" {{
  count = {count}
  name  = "Service ${{count.index}}"
  triggers = {{
    push         = {{ branches = ["main"] }}
    pull_request = {{}}
  }}
  jobs = {{
    lint = {{ stage = "lint", run = "make lint", setup = "python@3.12", expected = "1m" }}
    test = {{
      stage    = "test"
      needs    = ["lint"]
      paths    = ["services/${{count.index}}/**", "tests"]
      matrix   = {{ python = ["3.12", "3.13"] }}
      setup    = "python@matrix.python"
      run      = "make test"
      env      = {{ NAME = {input} }}
      coverage = {{ command = "coverage report --format=total", floor = 80 }}
      expected = "4m"
    }}
    build = {{
      stage    = "build"
      needs    = ["test"]
      env_from = {{ VERSION = "github.sha" }}
      expected = "2m"
      outputs  = {{ file = "steps.package.outputs.file" }}
      steps = [
        {{ id = "package", run = "make package" }},
        {{ uses = "actions/upload-artifact", with = {{ name = "package", path = "dist" }} }},
      ]
    }}
    ship = {{
      stage    = "deploy"
      needs    = ["build"]
      env_from = {{ FILE = "needs.build.outputs.file" }}
      run      = "make ship"
    }}
  }}
}}
"""


class Cost(NamedTuple):
    """What a command cost in seconds: on the clock, of the processor, and of that the provider's;
    what measuring itself cost the processor is taken off."""

    wall: float
    cpu: float
    provider: float
    # The greatest resident memory of a provider's process, in bytes.
    memory: int


class Workload:
    """A folder with a configuration of so many resources, and a state."""

    def __init__(self, folder: Path, terraform: Path, environment: dict[str, str], text: str, count: int):
        self.folder, self.terraform = folder, terraform
        self.environment = environment | {"TF_CLI_CONFIG_FILE": str(folder / "terraform.rc")}
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "configuration").mkdir(parents=True)
        (folder / "configuration" / "main.tf").write_text(text.format(count=count, input=INPUT))
        (folder / "terraform.rc").touch()

    def with_provider(self, name: str, program: Path) -> "Workload":
        """Takes a provider whose cost is measured."""
        record = self.folder / "record"
        words = [sys.executable, "-ISE", HERE / "measured.py", program, record]
        return self.take(name, " ".join(f"'{it}'" for it in words))

    def with_trace(self, name: str, program: Path) -> "Workload":
        """Takes a provider that tells of each call it gets."""
        self.environment["TF_LOG_PROVIDER"] = "TRACE"
        return self.take(name, f"2>>'{self.folder / 'trace'}' '{program}'")

    def take(self, name: str, command: str) -> "Workload":
        place = self.folder / "provider"
        place.mkdir()
        script = place / f"terraform-provider-{name}"
        script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        script.chmod(0o755)
        override = f"{json.dumps(f'stanchion/{name}')} = {json.dumps(str(place))}"
        text = f"provider_installation {{\n  dev_overrides {{\n    {override}\n  }}\n  direct {{}}\n}}\n"
        (self.folder / "terraform.rc").write_text(text)
        return self

    def apply(self) -> Cost:
        """Creates all the resources."""
        return self.run("apply", "-auto-approve", "-input=false")

    def plan(self) -> Cost:
        """Plans where nothing is to be done; ends the program where something is."""
        return self.run("plan", "-detailed-exitcode", "-input=false")

    def refresh(self) -> Cost:
        """Reads all the resources into the state."""
        return self.run("apply", "-refresh-only", "-auto-approve", "-input=false")

    def run(self, *words: str) -> Cost:
        record, output = self.folder / "record", self.folder / "output"
        record.unlink(missing_ok=True)
        with open(output, "w") as sink:
            before = time.perf_counter()
            process = subprocess.Popen(
                [self.terraform, *words], cwd=self.folder / "configuration", env=self.environment,
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - before
        if process.returncode != 0:
            print("\n".join(output.read_text().splitlines()[-40:]))
            sys.exit(f"terraform {words[0]} in {self.folder} ended with status {process.returncode} instead of 0")
        rows = [it.split() for it in record.read_text().splitlines()] if record.exists() else []
        provider, measuring = (sum(float(it[i]) for it in rows) for i in (0, 2))
        cpu = usage.ru_utime + usage.ru_stime - measuring
        return Cost(wall, cpu, provider, max((int(it[1]) for it in rows), default=0))

    def calls(self) -> Counter[str]:
        """How often the provider was asked what, after runs with `with_trace`."""
        lines = [json.loads(it) for it in (self.folder / "trace").read_text().splitlines() if it.startswith("{")]
        return Counter(it["@message"] for it in lines if "subject" in it)
