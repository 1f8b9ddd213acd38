resource "stanchion_pipeline" "service" {
  name = "Service"

  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
  }

  jobs = {
    lint = {
      stage    = "lint"
      run      = "make lint"
      setup    = "python@3.12"
      expected = "1m"
    }
    test = {
      stage    = "test"
      needs    = ["lint"]
      paths    = ["service", "tests"]
      matrix   = { python = ["3.12", "3.13"] }
      setup    = "python@matrix.python"
      run      = "make test"
      coverage = { command = "coverage report --format=total", floor = 80 }
      expected = "4m"
    }
    build = {
      stage    = "build"
      needs    = ["test"]
      env_from = { VERSION = "github.sha" }
      expected = "2m"
      steps = [
        { run = "make package" },
        { uses = "actions/upload-artifact", with = { name = "package", path = "dist" } },
      ]
    }
  }
}

output "required_check" {
  value = stanchion_pipeline.service.gate_check
}
