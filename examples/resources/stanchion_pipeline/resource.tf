resource "stanchion_pipeline" "service" {
  name = "Service"

  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
  }

  jobs = {
    lint = {
      stage = "lint"
      run   = "make lint"
    }
    test = {
      stage = "test"
      needs = ["lint"]
      run   = "make test"
    }
    build = {
      stage = "build"
      needs = ["test"]
      run   = <<-EOT
        make build
        make package
      EOT
    }
  }
}
