data "stanchion_workflow" "ci" {
  path = ".github/workflows/ci.yml"
}

output "required_checks" {
  value = data.stanchion_workflow.ci.check_names
}

check "actions_are_pinned" {
  assert {
    condition     = alltrue(data.stanchion_workflow.ci.pins[*].is_pinned)
    error_message = "An action is named by a tag or a branch, which may change."
  }
}
