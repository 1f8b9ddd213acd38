"""The modules of a team: a network, a role, a service that uses the role, a bucket and a queue."""

NETWORK = {
    "main.tf": """\
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = var.dns
  tags                 = merge(var.tags, { Name = var.name })
}

resource "aws_subnet" "private" {
  for_each          = { for at, zone in var.zones : zone => cidrsubnet(var.cidr, 4, at) }
  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = each.key
  tags              = merge(var.tags, { Name = "${var.name}-private-${each.key}", tier = "private" })
}

resource "aws_subnet" "public" {
  for_each                = { for at, zone in var.zones : zone => cidrsubnet(var.cidr, 4, at + 8) }
  vpc_id                  = aws_vpc.this.id
  cidr_block              = each.value
  availability_zone       = each.key
  map_public_ip_on_launch = true
  tags                    = merge(var.tags, { Name = "${var.name}-public-${each.key}", tier = "public" })
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = var.tags
}

resource "aws_eip" "nat" {
  count  = var.nat ? 1 : 0
  domain = "vpc"
  tags   = var.tags
}

resource "aws_nat_gateway" "this" {
  count         = var.nat ? 1 : 0
  allocation_id = aws_eip.nat[0].id
  subnet_id     = values(aws_subnet.public)[0].id
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-private" })

  dynamic "route" {
    for_each = aws_nat_gateway.this
    content {
      cidr_block     = "0.0.0.0/0"
      nat_gateway_id = route.value.id
    }
  }
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}
""",
    "endpoints.tf": """\
resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(var.endpoints)
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for it in aws_subnet.private : it.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  tags                = merge(var.tags, { Name = "${var.name}-${each.value}" })
}

resource "aws_security_group" "endpoints" {
  name_prefix = "${var.name}-endpoints-"
  description = "From the private subnets to the endpoints"
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [for it in aws_subnet.private : it.cidr_block]
  }

  lifecycle {
    create_before_destroy = true
  }
}
""",
    "variables.tf": """\
variable "name" {
  description = "The beginning of each name."
  type        = string
}

variable "region" {
  description = "The region of the endpoints."
  type        = string
}

variable "cidr" {
  description = "The range of the network; subnets take a sixteenth of it each."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && tonumber(split("/", var.cidr)[1]) <= 20
    error_message = "The range must be of the form 10.0.0.0/16, and no smaller than /20."
  }
}

variable "zones" {
  description = "The zones; at most eight."
  type        = list(string)

  validation {
    condition     = length(var.zones) > 0 && length(var.zones) <= 8
    error_message = "There must be one to eight zones."
  }
}

variable "nat" {
  description = "Whether the private subnets reach the internet."
  type        = bool
  default     = true
}

variable "dns" {
  description = "Whether names are resolved within the network."
  type        = bool
  default     = true
}

variable "endpoints" {
  description = "Services that are reached without leaving the network."
  type        = list(string)
  default     = ["ecr.api", "ecr.dkr", "logs"]
}

variable "tags" {
  description = "The tags of everything."
  type        = map(string)
  default     = {}
}
""",
    "outputs.tf": """\
output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Its private subnets, in the order of their zones."
  value       = [for it in aws_subnet.private : it.id]
}

output "public_subnet_ids" {
  description = "Its public subnets, in the order of their zones."
  value       = [for it in aws_subnet.public : it.id]
}

output "cidrs" {
  description = "The ranges of the private subnets by zone."
  value       = { for zone, it in aws_subnet.private : zone => it.cidr_block }
}
""",
}

ROLE = {
    "main.tf": """\
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Assume"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = var.services
    }

    dynamic "condition" {
      for_each = var.account == null ? [] : [var.account]
      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  name_prefix          = substr("${var.name}-", 0, 38)
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = var.session
  permissions_boundary = try(var.boundary.arn, null)
  tags                 = var.tags
}

resource "aws_iam_role_policy" "inline" {
  for_each = var.policies
  name     = each.key
  role     = aws_iam_role.this.id
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = toset(var.managed)
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
""",
    "variables.tf": """\
variable "name" {
  type        = string
  description = "The beginning of the role's name."
}

variable "services" {
  type        = list(string)
  description = "Who may assume the role."
  default     = ["ecs-tasks.amazonaws.com"]
}

variable "account" {
  type        = string
  description = "The account that the caller must belong to; anyone's if null."
  default     = null
}

variable "session" {
  type        = number
  description = "Seconds that a session lasts."
  default     = 3600

  validation {
    condition     = var.session >= 900 && var.session <= 43200
    error_message = "A session lasts 15 minutes at least and 12 hours at most."
  }
}

variable "boundary" {
  type        = object({ arn = string })
  description = "What the role can have at most."
  default     = null
}

variable "policies" {
  type        = map(string)
  description = "Inline policies by their names, in JSON."
  default     = {}
}

variable "managed" {
  type        = list(string)
  description = "The names of AWS's own policies."
  default     = []
}

variable "tags" {
  type    = map(string)
  default = {}
}
""",
    "outputs.tf": """\
output "arn" {
  description = "The role."
  value       = aws_iam_role.this.arn
}

output "name" {
  description = "The role's name."
  value       = aws_iam_role.this.name
}
""",
}

SERVICE = {
    "main.tf": """\
locals {
  name        = "${var.name}-${var.environment}"
  environment = merge({ ENVIRONMENT = var.environment, LOG_LEVEL = var.debug ? "debug" : "info" }, var.variables)
  secrets     = [for name, arn in var.secrets : { name = upper(name), valueFrom = arn }]
  ports       = { for it in var.ports : tostring(it.port) => it }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${local.name}"
  retention_in_days = var.environment == "production" ? 365 : 14
  tags              = var.tags
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  cpu                      = var.cpu
  memory                   = var.memory
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = module.execution_role.arn
  task_role_arn            = module.task_role.arn

  container_definitions = jsonencode(concat([
    {
      name                   = var.name
      image                  = var.image
      essential              = true
      readonlyRootFilesystem = true
      portMappings           = [for it in var.ports : { containerPort = it.port, protocol = it.protocol }]
      environment            = [for name, value in local.environment : { name = name, value = value }]
      secrets                = local.secrets
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.region
          awslogs-stream-prefix = var.name
        }
      }
      healthCheck = {
        command  = ["CMD-SHELL", "curl -fsS http://localhost:${var.ports[0].port}/health || exit 1"]
        interval = 30
        retries  = 3
      }
    },
    ], [
    for it in var.sidecars : {
      name      = it.name
      image     = it.image
      essential = false
      cpu       = coalesce(it.cpu, 64)
    }
  ]))
}

resource "aws_ecs_service" "this" {
  name                               = local.name
  cluster                            = var.cluster
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.replicas
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = var.environment == "production" ? 100 : 50

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.this.id]
  }

  dynamic "load_balancer" {
    for_each = var.target_group == null ? [] : [var.target_group]
    content {
      target_group_arn = load_balancer.value
      container_name   = var.name
      container_port   = var.ports[0].port
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_security_group" "this" {
  name_prefix = "${local.name}-"
  description = "The tasks of ${local.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = local.name })

  dynamic "ingress" {
    for_each = local.ports
    content {
      description = "Port ${ingress.key}"
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = ingress.value.protocol
      cidr_blocks = ingress.value.from
    }
  }

  egress {
    description = "Anywhere"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
""",
    "iam.tf": """\
data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  dynamic "statement" {
    for_each = length(var.secrets) == 0 ? [] : [values(var.secrets)]
    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = statement.value
    }
  }
}

module "execution_role" {
  source   = "../role"
  name     = "${local.name}-execution"
  account  = data.aws_caller_identity.current.account_id
  policies = { execution = data.aws_iam_policy_document.execution.json }
  managed  = ["service-role/AmazonECSTaskExecutionRolePolicy"]
  tags     = var.tags
}

module "task_role" {
  source   = "../role"
  name     = "${local.name}-task"
  policies = var.policies
  tags     = var.tags
}
""",
    "scaling.tf": """\
resource "aws_appautoscaling_target" "this" {
  count              = var.scaling == null ? 0 : 1
  min_capacity       = var.scaling.least
  max_capacity       = var.scaling.most
  resource_id        = "service/${var.cluster}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_appautoscaling_policy" "cpu" {
  count              = var.scaling == null ? 0 : 1
  name               = "${local.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.this[0].resource_id
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace

  target_tracking_scaling_policy_configuration {
    target_value       = try(var.scaling.cpu, 60)
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
""",
    "variables.tf": """\
variable "name" {
  description = "The service's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "The name has small letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "dev, staging or production."
  type        = string
}

variable "region" {
  type = string
}

variable "image" {
  description = "The image of the service's own container."
  type        = string
}

variable "cpu" {
  description = "Units of the processor, of which 1024 are a whole one."
  type        = number
  default     = 256
}

variable "memory" {
  description = "Mebibytes."
  type        = number
  default     = 512
}

variable "replicas" {
  type    = number
  default = 2
}

variable "debug" {
  type    = bool
  default = false
}

variable "ports" {
  description = "What the service listens on, and for whom. The first is asked for its health."
  type = list(object({
    port     = number
    protocol = optional(string, "tcp")
    from     = optional(list(string), ["10.0.0.0/8"])
  }))
  default = [{ port = 8080 }]
}

variable "sidecars" {
  description = "Containers beside it."
  type        = list(object({ name = string, image = string, cpu = optional(number) }))
  default     = []
}

variable "variables" {
  description = "Variables of its environment."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Secrets by the names that they have in its environment: their ARNs."
  type        = map(string)
  default     = {}
}

variable "policies" {
  description = "What its own role may do: policies in JSON."
  type        = map(string)
  default     = {}
}

variable "scaling" {
  description = "Between how many tasks it scales; not at all if null."
  type        = object({ least = number, most = number, cpu = optional(number) })
  default     = null
}

variable "cluster" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "target_group" {
  description = "Where the load balancer finds it; nowhere if null."
  type        = string
  default     = null
}

variable "tags" {
  type    = map(string)
  default = {}
}
""",
    "outputs.tf": """\
output "name" {
  description = "The service's full name."
  value       = local.name
}

output "security_group_id" {
  description = "The group of its tasks."
  value       = aws_security_group.this.id
}

output "log_group" {
  description = "Where it writes its log."
  value       = aws_cloudwatch_log_group.this.name
}

output "task_role" {
  description = "The role of its tasks."
  value       = { arn = module.task_role.arn, name = module.task_role.name }
}
""",
}

BUCKET = {
    "main.tf": """\
resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.temporary
  tags          = merge(var.tags, { data = var.classification })
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = var.versioned ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.key == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.key
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count  = length(var.rules) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this.id

  dynamic "rule" {
    for_each = var.rules
    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value.prefix
      }

      dynamic "expiration" {
        for_each = rule.value.days == null ? [] : [rule.value.days]
        content {
          days = expiration.value
        }
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
""",
    "variables.tf": """\
variable "name" {
  description = "The bucket's name, which no other account may have."
  type        = string

  validation {
    condition     = length(var.name) >= 3 && length(var.name) <= 63 && lower(var.name) == var.name
    error_message = "The name has 3 to 63 characters, none of them a capital."
  }
}

variable "classification" {
  type    = string
  default = "internal"

  validation {
    condition     = contains(["public", "internal", "confidential"], var.classification)
    error_message = "Data is public, internal or confidential."
  }
}

variable "temporary" {
  description = "Whether the bucket may be deleted with what is in it."
  type        = bool
  default     = false
}

variable "versioned" {
  type    = bool
  default = true
}

variable "key" {
  description = "The key that encrypts it; the store's own if null."
  type        = string
  default     = null
}

variable "rules" {
  description = "When what is deleted, by a name of the rule."
  type        = map(object({ prefix = optional(string, ""), days = optional(number) }))
  default     = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}
""",
    "outputs.tf": """\
output "id" {
  value = aws_s3_bucket.this.id
}

output "arn" {
  value = aws_s3_bucket.this.arn
}
""",
}

QUEUE = {
    "main.tf": """\
resource "aws_sqs_queue" "this" {
  name                       = var.fifo ? "${var.name}.fifo" : var.name
  fifo_queue                 = var.fifo
  visibility_timeout_seconds = var.timeout
  message_retention_seconds  = var.days * 24 * 60 * 60
  sqs_managed_sse_enabled    = true
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.attempts
  })
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead${var.fifo ? ".fifo" : ""}"
  fifo_queue                = var.fifo
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Topics",
          "Effect": "Allow",
          "Principal": { "Service": "sns.amazonaws.com" },
          "Action": "sqs:SendMessage",
          "Resource": "${aws_sqs_queue.this.arn}",
          "Condition": {
            "ArnEquals": { "aws:SourceArn": ${jsonencode(var.topics)} }
          }
        }
      ]
    }
  POLICY
}
""",
    "variables.tf": """\
variable "name" {
  description = "The queue's name, without .fifo."
  type        = string
}

variable "fifo" {
  description = "Whether the order is kept."
  type        = bool
  default     = false
}

variable "timeout" {
  description = "Seconds that a consumer has for a message."
  type        = number
  default     = 60
}

variable "days" {
  type    = number
  default = 4
}

variable "attempts" {
  type    = number
  default = 5
}

variable "topics" {
  description = "The topics that may write to it."
  type        = list(string)
  default     = []
}

variable "tags" {
  type    = map(string)
  default = {}
}
""",
    "outputs.tf": """\
output "arn" {
  value = aws_sqs_queue.this.arn
}

output "url" {
  value = aws_sqs_queue.this.url
}

output "dead_letter_arn" {
  value = aws_sqs_queue.dead.arn
}
""",
}

MODULES = {"network": NETWORK, "role": ROLE, "service": SERVICE, "bucket": BUCKET, "queue": QUEUE}
