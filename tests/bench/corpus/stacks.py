"""The stacks of a team: a root module for each environment that calls the modules of the team."""

import random

from words import ACTIONS, PARTS, QUEUES, SENTENCES, STORES, fill

# What is written how often in a stack; `corpus.py` prints what comes of it.
SERVICES = (2, 4)
BUCKETS = (2, 4)
QUEUES_OF_A_STACK = (1, 3)
# Policies by the way in which they are written.
POLICIES = {"jsonencode": (2, 4), "heredoc": (1, 3), "document": (2, 4)}
STATEMENTS = (1, 4)
GROUPS = (1, 3)
ALARMS = (3, 6)
SETTINGS = (3, 9)

VERSIONS = """\
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }

  backend "s3" {
    bucket = "@team@-terraform-state"
    key    = "@environment@/terraform.tfstate"
    region = "eu-central-1"
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}
"""

VARIABLES = """\
variable "region" {
  description = "Where everything lies."
  type        = string
  default     = "eu-central-1"
}

variable "environment" {
  description = "The stage that this stack is for."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production"], var.environment)
    error_message = "The environment is dev, staging or production."
  }
}

variable "cidr" {
  description = "The range of the network."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "The range must be one of IPv4, as 10.4.0.0/16."
  }
}

variable "zones" {
  description = "The letters of the zones."
  type        = list(string)
  default     = ["a", "b", "c"]
}

variable "services" {
  description = "The services by their names."
  type = map(object({
    image    = string
    cpu      = optional(number, 256)
    memory   = optional(number, 512)
    replicas = optional(number, 2)
    enabled  = optional(bool, true)
    ports = optional(list(object({
      port     = number
      protocol = optional(string, "tcp")
      from     = optional(list(string))
    })), [{ port = 8080 }])
    variables = optional(map(string), {})
    scaling   = optional(object({ least = number, most = number, cpu = optional(number) }))
  }))

  validation {
    condition     = alltrue([for name, it in var.services : it.memory >= 2 * it.cpu])
    error_message = "A service has two mebibytes at least for each unit of the processor."
  }
}

variable "administrators" {
  description = "Ranges that administrators come from."
  type        = set(string)
  default     = []
}

variable "tags" {
  type    = map(string)
  default = {}
}
"""

LOCALS = """\
locals {
  name  = "@team@-${var.environment}"
  zones = [for it in var.zones : "${var.region}${it}"]
  tags = merge({
    team        = "@team@"
    environment = var.environment
    managed_by  = "terraform"
  }, var.tags)

  is_production = var.environment == "production"
  services      = { for name, it in var.services : name => it if it.enabled }

  # Each port of each service, for the alarms and the groups.
  ports = merge([
    for name, it in local.services : {
      for port in it.ports : "${name}-${port.port}" => merge(port, { service = name })
    }
  ]...)

  memory = sum([for it in values(local.services) : it.memory * it.replicas])
  images = distinct([for it in values(local.services) : split(":", it.image)[0]])
  label  = format("%s (%d services, %.1f GiB)", local.name, length(local.services), local.memory / 1024)
}
"""

NETWORK = """\
module "network" {
  source    = "../../modules/network"
  name      = local.name
  region    = var.region
  cidr      = var.cidr
  zones     = local.zones
  nat       = local.is_production
  endpoints = local.is_production ? ["ecr.api", "ecr.dkr", "logs", "secretsmanager"] : ["logs"]
  tags      = local.tags
}

resource "aws_ecs_cluster" "this" {
  name = local.name
  tags = local.tags

  setting {
    name  = "containerInsights"
    value = local.is_production ? "enabled" : "disabled"
  }
}
"""

CALL_SERVICES = """\
module "service" {
  source   = "../../modules/service"
  for_each = local.services

  name        = each.key
  environment = var.environment
  region      = var.region
  image       = each.value.image
  cpu         = each.value.cpu
  memory      = each.value.memory
  replicas    = local.is_production ? max(each.value.replicas, 2) : 1
  ports       = [for it in each.value.ports : merge(it, { from = coalesce(it.from, [var.cidr]) })]
  variables   = merge(each.value.variables, { CLUSTER = aws_ecs_cluster.this.name })
  scaling     = local.is_production ? each.value.scaling : null
  cluster     = aws_ecs_cluster.this.name
  vpc_id      = module.network.vpc_id
  subnet_ids  = module.network.private_subnet_ids
  policies    = lookup(local.policies, each.key, {})
  tags        = local.tags

  secrets = {
    for it in lookup(local.secrets, each.key, []) : it => aws_secretsmanager_secret.of["${each.key}/${it}"].arn
  }
}

resource "aws_secretsmanager_secret" "of" {
  for_each                = toset(flatten([for name, its in local.secrets : [for it in its : "${name}/${it}"]]))
  name                    = "${local.name}/${each.value}"
  description             = "Read by ${split("/", each.value)[0]}"
  recovery_window_in_days = local.is_production ? 30 : 0
}

locals {
  secrets = {
@secrets@
  }

  policies = {
@policies@
  }
}
"""

BUCKET = """\
module "@name@" {
  source         = "../../modules/bucket"
  name           = "${local.name}-@store@"
  classification = "@classification@"
  temporary      = !local.is_production
  versioned      = @versioned@
  tags           = local.tags

  rules = {
    temporary = { prefix = "tmp/", days = @days@ }
    logs      = { prefix = "logs/", days = local.is_production ? 365 : 30 }
  }
}
"""

QUEUE = """\
module "@name@" {
  source   = "../../modules/queue"
  name     = "${local.name}-@queue@"
  timeout  = @timeout@
  attempts = @attempts@
  fifo     = @fifo@
  topics   = [aws_sns_topic.@name@.arn]
  tags     = local.tags
}

resource "aws_sns_topic" "@name@" {
  name              = "${local.name}-@queue@"
  kms_master_key_id = "alias/aws/sns"
}
"""

JSONENCODE = """\
resource "aws_iam_policy" "@name@" {
  name_prefix = "${local.name}-@dashed@-"
  description = "@sentence@"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
@statements@
    ]
  })
}
"""

JSONENCODE_STATEMENT = """\
      {
        Sid      = "@sid@"
        Effect   = "Allow"
        Action   = [@actions@]
        Resource = @resources@
      },"""

HEREDOC = """\
resource "aws_iam_role_policy" "@name@" {
  name = "@dashed@"
  role = aws_iam_role.deploy["@role@"].id

  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
@statements@
      ]
    }
  EOT
}
"""

HEREDOC_STATEMENT = """\
        {
          "Sid": "@sid@",
          "Effect": "Allow",
          "Action": [@actions@],
          "Resource": ["arn:aws:@service@:${var.region}:*:${local.name}-*"]
        }"""

DOCUMENT = """\
data "aws_iam_policy_document" "@name@" {
@statements@
}

resource "aws_iam_policy" "@name@" {
  name   = "${local.name}-@dashed@"
  path   = "/@team@/"
  policy = data.aws_iam_policy_document.@name@.json
}
"""

DOCUMENT_STATEMENT = """\
  statement {
    sid       = "@sid@"
    effect    = "@effect@"
    actions   = [@actions@]
    resources = @resources@

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
  }
"""

ROLES = """\
resource "aws_iam_role" "deploy" {
  for_each           = toset(["plan", "apply"])
  name               = "${local.name}-${each.value}"
  assume_role_policy = data.aws_iam_policy_document.deploy[each.value].json
  tags               = local.tags
}

data "aws_iam_policy_document" "deploy" {
  for_each = { plan = "pull_request", apply = "ref:refs/heads/main" }

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:example/@team@:${each.value}"]
    }
  }
}

data "aws_caller_identity" "current" {}
"""

GROUP = """\
resource "aws_security_group" "@name@" {
  name_prefix = "${local.name}-@dashed@-"
  description = "@sentence@"
  vpc_id      = module.network.vpc_id

  dynamic "ingress" {
    for_each = var.administrators
    content {
      description = "Administrators from ${ingress.value}"
      from_port   = @port@
      to_port     = @port@
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }

  ingress {
    description = "Within the network"
    from_port   = @port@
    to_port     = @port@
    protocol    = "tcp"
    cidr_blocks = values(module.network.cidrs)
  }

  tags = merge(local.tags, { Name = "${local.name}-@dashed@" })
}
"""

ALARM = """\
resource "aws_cloudwatch_metric_alarm" "@name@" {
  for_each            = local.services
  alarm_name          = "${module.service[each.key].name}-@metric@"
  alarm_description   = <<-EOT
    @sentence@
    Runbook: https://runbooks.example.com/@team@/@dashed@#${each.key}
  EOT
  namespace           = "AWS/ECS"
  metric_name         = "@metric@"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = local.is_production ? @threshold@ : @threshold@ * 1.5
  period              = 60
  evaluation_periods  = @periods@
  alarm_actions       = local.is_production ? [aws_sns_topic.alarms.arn] : []

  dimensions = {
    ClusterName = aws_ecs_cluster.this.name
    ServiceName = module.service[each.key].name
  }
}
"""

TOPIC = """\
resource "aws_sns_topic" "alarms" {
  name = "${local.name}-alarms"
  tags = local.tags
}
"""

SETTING = """\
resource "aws_ssm_parameter" "@name@" {
  name  = "/@team@/${var.environment}/@dashed@"
  type  = "String"
  value = @value@
}
"""

OUTPUTS = """\
output "label" {
  description = "What this stack is."
  value       = local.label
}

output "network" {
  description = "For the stacks that are peers of this one."
  value       = { vpc_id = module.network.vpc_id, cidrs = module.network.cidrs }
}

output "services" {
  description = "The groups of the services by their names."
  value       = { for name, it in module.service : name => it.security_group_id }
}

output "images" {
  description = "The repositories of the images."
  value       = sort(local.images)
}

@outputs@"""


def stack(random_: random.Random, team: str, environment: str, number: int) -> dict[str, str]:
    """The files of one stack by their names."""
    some = lambda words, bounds: random_.sample(words, random_.randint(*bounds))
    names = some(PARTS, SERVICES)
    stores, queues = some(STORES, BUCKETS), some(QUEUES, QUEUES_OF_A_STACK)
    fresh = Fresh(random_)
    policies = [name for name in (fresh.name() for _ in range(random_.randint(*POLICIES["jsonencode"])))]
    documents = [name for name in (fresh.name() for _ in range(random_.randint(*POLICIES["document"])))]

    iam = [fill(ROLES, team=team)]
    for name in policies:
        statements = [json_statement(random_, stores) for _ in range(random_.randint(*STATEMENTS))]
        iam.append(fill(
            JSONENCODE, name=name, dashed=dashed(name), sentence=random_.choice(SENTENCES),
            statements="\n".join(statements),
        ))
    for _ in range(random_.randint(*POLICIES["heredoc"])):
        name = fresh.name()
        statements = [heredoc_statement(random_) for _ in range(random_.randint(*STATEMENTS))]
        iam.append(fill(
            HEREDOC, name=name, dashed=dashed(name), role=random_.choice(("plan", "apply")),
            statements=",\n".join(statements),
        ))
    data = []
    for name in documents:
        statements = [document_statement(random_, stores) for _ in range(random_.randint(*STATEMENTS))]
        data.append(fill(
            DOCUMENT, name=name, dashed=dashed(name), team=team,
            statements="\n".join(it.rstrip() for it in statements),
        ))

    secrets = "\n".join(f"    {it} = {listed(random_.sample(('DATABASE_URL', 'TOKEN', 'SIGNING_KEY'), 2))}" for it in names)
    given = "\n".join(f"    {it} = {{ {random_.choice(stores)} = data.aws_iam_policy_document.{random_.choice(documents)}.json }}" for it in names)
    files = {
        "versions.tf": fill(VERSIONS, team=team, environment=environment),
        "variables.tf": VARIABLES,
        "locals.tf": fill(LOCALS, team=team),
        "network.tf": NETWORK + "\n" + groups(random_, fresh),
        "services.tf": fill(CALL_SERVICES, secrets=secrets, policies=given),
        "iam.tf": "\n".join(iam),
        "policies.tf": "\n".join(data),
        "storage.tf": "\n".join(
            fill(
                BUCKET, name=it, store=it, days=random_.choice((7, 14, 30)),
                classification=random_.choice(("internal", "confidential")), versioned=random_.choice(("true", "false")),
            ) for it in stores
        ),
        "queues.tf": "\n".join(
            fill(
                QUEUE, name=f"{it}_queue", queue=it, timeout=random_.choice((30, 60, 300)),
                attempts=random_.randint(3, 9), fifo=random_.choice(("true", "false", "false")),
            ) for it in queues
        ),
        "alarms.tf": TOPIC + "\n" + alarms(random_, fresh, team),
        "settings.tf": settings(random_, fresh, team),
        "outputs.tf": fill(OUTPUTS, outputs="\n".join(
            f'output "{it}_queue" {{\n  value = {{ arn = module.{it}_queue.arn, url = module.{it}_queue.url }}\n}}\n' for it in queues
        )),
        "terraform.tfvars": given_values(random_, names, environment, number),
    }
    return files


class Fresh:
    """Names of resources that are not used twice in a stack."""

    def __init__(self, random_: random.Random):
        self.random, self.used = random_, set()

    def name(self) -> str:
        while True:
            name = f"{self.random.choice(PARTS)}_{self.random.choice(STORES + QUEUES)}"
            if name not in self.used:
                self.used.add(name)
                return name


def groups(random_, fresh) -> str:
    made = []
    for _ in range(random_.randint(*GROUPS)):
        name = fresh.name()
        made.append(fill(
            GROUP, name=name, dashed=dashed(name), sentence=random_.choice(SENTENCES),
            port=random_.choice((22, 443, 5432, 6379, 9200)),
        ))
    return "\n".join(made)


def alarms(random_, fresh, team) -> str:
    made = []
    for _ in range(random_.randint(*ALARMS)):
        name = fresh.name()
        made.append(fill(
            ALARM, name=name, dashed=dashed(name), team=team, sentence=random_.choice(SENTENCES),
            metric=random_.choice(("CPUUtilization", "MemoryUtilization", "RunningTaskCount")),
            threshold=random_.choice((60, 75, 90)), periods=random_.randint(2, 5),
        ))
    return "\n".join(made)


def settings(random_, fresh, team) -> str:
    values = (
        '"https://${local.name}.example.com"',
        "local.is_production ? \"https://example.com\" : \"http://localhost\"",
        'join(",", sort(keys(local.services)))',
        "tostring(length(local.ports))",
        'jsonencode({ zones = local.zones, cidr = cidrsubnet(var.cidr, 8, 1) })',
        'try(local.services["api"].image, "none")',
        'upper(replace(local.name, "-", "_"))',
        'element(module.network.private_subnet_ids, 0)',
    )
    made = []
    for _ in range(random_.randint(*SETTINGS)):
        name = fresh.name()
        made.append(fill(SETTING, name=name, dashed=dashed(name), team=team, value=random_.choice(values)))
    return "\n".join(made)


def json_statement(random_, stores) -> str:
    service, actions = allowed(random_)
    if service == "s3":
        store = random_.choice(stores)
        resources = f'[module.{store}.arn, "${{module.{store}.arn}}/*"]'
    else:
        resources = f'"arn:aws:{service}:${{var.region}}:${{data.aws_caller_identity.current.account_id}}:${{local.name}}-*"'
    return fill(JSONENCODE_STATEMENT, sid=sid(random_, service), actions=actions, resources=resources)


def heredoc_statement(random_) -> str:
    service, actions = allowed(random_)
    return fill(HEREDOC_STATEMENT, sid=sid(random_, service), actions=actions, service=service)


def document_statement(random_, stores) -> str:
    service, actions = allowed(random_)
    resources = f'["${{module.{random_.choice(stores)}.arn}}/*"]' if service == "s3" else '["*"]'
    return fill(
        DOCUMENT_STATEMENT, sid=sid(random_, service), effect=random_.choice(("Allow", "Allow", "Allow", "Deny")),
        actions=actions, resources=resources,
    )


def allowed(random_) -> tuple[str, str]:
    service = random_.choice(list(ACTIONS))
    actions = random_.sample(ACTIONS[service], random_.randint(2, 3))
    return service, ", ".join(f'"{service}:{it}"' for it in actions)


def sid(random_, service: str) -> str:
    return f"{service.title()}{random_.choice(PARTS).title()}{random_.randint(1, 99)}"


def given_values(random_, names, environment, number) -> str:
    lines = [
        f'environment = "{environment}"',
        f'cidr = "10.{number % 250}.0.0/16"',
        'administrators = ["192.0.2.0/24", "198.51.100.0/25"]',
        "",
        "services = {",
    ]
    for it in names:
        cpu = random_.choice((256, 512, 1024))
        lines += [
            f"  {it} = {{",
            f'    image = "registry.example.com/{it}:{random_.randint(1, 9)}.{random_.randint(0, 30)}.{random_.randint(0, 9)}"',
            f"    cpu = {cpu}",
            f"    memory = {cpu * random_.choice((2, 4))}",
            f"    replicas = {random_.randint(1, 6)}",
        ]
        if random_.random() < 0.5:
            lines.append("    ports = [{ port = 8080 }, { port = 9090, from = [\"10.0.0.0/8\"] }]")
        if random_.random() < 0.5:
            lines.append("    scaling = { least = 2, most = 10 }")
        if random_.random() < 0.6:
            lines += ["    variables = {"]
            lines += [f'      {random_.choice(QUEUES).upper()}_{at} = "{random_.choice(STORES)}"' for at in range(random_.randint(1, 4))]
            lines += ["    }"]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def listed(words) -> str:
    return "[" + ", ".join(f'"{it}"' for it in words) + "]"


def dashed(name: str) -> str:
    return name.replace("_", "-")
