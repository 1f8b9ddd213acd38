output "checks" {
  value = provider::stanchion::check_names(<<-YAML
    on: push
    jobs:
      lint:
        runs-on: ubuntu-24.04
        steps: [{ run: make lint }]
      test:
        runs-on: ubuntu-24.04
        strategy:
          matrix:
            python: ["3.12", "3.13"]
        steps: [{ run: make test }]
  YAML
  )
}
