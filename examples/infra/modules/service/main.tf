data "aws_iam_policy_document" "tasks_may" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "reads_secrets" {
  for_each = var.secrets

  statement {
    sid       = "ReadSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [each.value]
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks_may.json
}

resource "aws_iam_role_policy" "reads_secrets" {
  for_each = var.secrets

  name   = "reads-${lower(replace(each.key, "_", "-"))}"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.reads_secrets[each.key].json
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name         = "app"
      image        = var.image
      essential    = true
      portMappings = [{ containerPort = 8080 }]
      secrets      = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
    },
    {
      name      = "proxy"
      image     = var.proxy_image
      essential = true
    },
  ])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.desired_count

  lifecycle {
    # The autoscaler keeps this one.
    ignore_changes = [desired_count]
  }
}
