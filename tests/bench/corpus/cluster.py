"""One large module in the style of those that many share: it makes a cluster with groups of machines, lets
everything be switched off and set, and has examples that call it."""

import random

from examples import examples
from features import MANAGED, PLAIN, REPEATED, SELF, TEMPLATE
from roles import FARGATE, KEY, NODE_POOLS, ROLE, USER_DATA
from root import root
from words import annotated, fill, laid_out

# The chance of a comment before what a blank line sets apart.
COMMENTED = 0.5

VERSIONS = """\
terraform {
  required_version = ">= 1.5.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
    tls = {
      source  = "hashicorp/tls"
      version = ">= 4.0"
    }
  }
}
"""


def files() -> dict[str, str]:
    """The module with its own modules, and its examples."""
    made = root()
    modules = {
        "managed-group": group("managed", MANAGED, MANAGED_GROUP),
        "self-managed-group": group("self_managed", SELF, SELF_GROUP),
        "fargate-profile": FARGATE,
        "node-pools": NODE_POOLS,
        "hybrid-role": ROLE,
        "user-data": USER_DATA,
        "key": KEY,
    }
    for module, texts in modules.items():
        made |= {f"modules/{module}/{name}": text for name, text in texts.items()}
    made |= examples()
    for folder in {it.rpartition("/")[0] for it in made}:
        made[f"{folder}/versions.tf" if folder else "versions.tf"] = VERSIONS
    return {
        path: laid_out(annotated(random.Random(path), text, COMMENTED)).rstrip("\n") + "\n"
        for path, text in sorted(made.items())
    }


def group(kind: str, own: dict, rest: str) -> dict[str, str]:
    """The module of a group of machines: a launch template and what uses it."""
    arguments = "\n".join(f"  {it} = var.{it}" for it in PLAIN if it not in ("ami_id", "launch_template_description", "launch_template_default_version", "update_launch_template_default_version", "vpc_security_group_ids"))
    blocks = "\n".join(
        [once(name, attributes) for name, attributes in TEMPLATE.items()]
        + [repeated(name, attributes) for name, attributes in REPEATED.items()]
    )
    main = fill(GROUP, arguments=arguments, blocks=blocks, kind=kind) + "\n" + rest
    variables = [GROUP_VARIABLES]
    for name, (ty, default) in (PLAIN | own).items():
        variables.append(variable(name, ty, default, f"{sentence(name)} of the group's machines, which the provider chooses if it is null. Said for one group it stands beside the group's name, said for all of them among the defaults"))
    for name, attributes in TEMPLATE.items():
        variables.append(variable(name, object_of(attributes, 0), "null", f"{sentence(name)} of the launch template, as the provider declares them. What is null is left out, so that the provider's own defaults hold"))
    for name, attributes in REPEATED.items():
        variables.append(variable(name, f"map({object_of(attributes, 0)})", "{}", f"{sentence(name)} of the launch template, by keys that nothing else reads; those of a group are added to those of the defaults, and the group's hold where both have a key"))
    return {"main.tf": main, "variables.tf": "\n".join(variables), "outputs.tf": GROUP_OUTPUTS}


def variable(name: str, ty: str, default: str, description: str) -> str:
    return f'variable "{name}" {{\n  description = "{description}"\n  type = {ty}\n  default = {default}\n}}\n'


def object_of(attributes: dict, depth: int) -> str:
    """The type of an object with optional attributes."""
    indent = "  " * (depth + 2)
    lines = [
        f"{indent}{name} = optional({object_of(ty, depth + 1) if isinstance(ty, dict) else ty})"
        for name, ty in attributes.items()
    ]
    return "object({\n" + "\n".join(lines) + "\n" + "  " * (depth + 1) + "})"


def once(name: str, attributes: dict, of: str = "var", depth: int = 1) -> str:
    """A nested block that is there if the variable or attribute of its name is not null."""
    path = f"{of}.{name}"
    return dynamic(name, f"{path} != null ? [{path}] : []", attributes, depth)


def repeated(name: str, attributes: dict) -> str:
    """A nested block for each element of the variable of its name."""
    return dynamic(name, f"var.{name}", attributes, 1)


def dynamic(name: str, over: str, attributes: dict, depth: int) -> str:
    indent = "  " * depth
    plain = [it for it, ty in attributes.items() if not isinstance(ty, dict)]
    nested = [it for it, ty in attributes.items() if isinstance(ty, dict)]
    lines = [f'{indent}dynamic "{name}" {{', f"{indent}  for_each = {over}", "", f"{indent}  content {{"]
    lines += [f"{indent}    {it} = {name}.value.{it}" for it in plain]
    for it in nested:
        lines += ["", once(it, attributes[it], f"{name}.value", depth + 2).rstrip("\n")]
    lines += [f"{indent}  }}", f"{indent}}}", ""]
    return "\n".join(lines)


def sentence(name: str) -> str:
    return name.replace("_", " ").capitalize()


GROUP_VARIABLES = """\
variable "create" {
  description = "Whether anything is made"
  type        = bool
  default     = true
}

variable "name" {
  description = "The name of the group, and the beginning of others"
  type        = string
  default     = ""
}

variable "use_name_prefix" {
  description = "Whether names get an end of their own"
  type        = bool
  default     = true
}

variable "tags" {
  description = "The tags of everything"
  type        = map(string)
  default     = {}
}

variable "cluster_name" {
  description = "The cluster that the machines join"
  type        = string
  default     = ""
}

variable "cluster_version" {
  description = "The version of the cluster"
  type        = string
  default     = null
}

variable "cluster_endpoint" {
  description = "Where the cluster answers"
  type        = string
  default     = ""
}

variable "cluster_auth_base64" {
  description = "The certificate of the cluster, in base64"
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Where the machines are"
  type        = list(string)
  default     = null
}

variable "cluster_primary_security_group_id" {
  description = "The group that the cluster itself has made"
  type        = string
  default     = null
}

variable "create_launch_template" {
  description = "Whether a template is made"
  type        = bool
  default     = true
}

variable "launch_template_id" {
  description = "A template that is there already"
  type        = string
  default     = ""
}

variable "launch_template_version" {
  description = "The version of it; the default if null"
  type        = string
  default     = null
}

variable "platform" {
  description = "The family of the system"
  type        = string
  default     = "al2023"

  validation {
    condition     = contains(["al2", "al2023", "bottlerocket", "windows"], var.platform)
    error_message = "The platform is al2, al2023, bottlerocket or windows."
  }
}

variable "enable_bootstrap_user_data" {
  description = "Whether the machines are told how to join, though their image knows"
  type        = bool
  default     = false
}

variable "pre_bootstrap_user_data" {
  description = "Commands before the machine joins"
  type        = string
  default     = ""
}

variable "post_bootstrap_user_data" {
  description = "Commands after the machine has joined"
  type        = string
  default     = ""
}

variable "bootstrap_extra_args" {
  description = "Arguments of the program that lets the machine join"
  type        = string
  default     = ""
}

variable "create_iam_role" {
  description = "Whether a role is made"
  type        = bool
  default     = true
}

variable "iam_role_arn" {
  description = "A role that is there already"
  type        = string
  default     = null
}

variable "iam_role_name" {
  description = "The name of the role; that of the group if null"
  type        = string
  default     = null
}

variable "iam_role_attach_cni_policy" {
  description = "Whether machines may manage interfaces"
  type        = bool
  default     = true
}

variable "iam_role_additional_policies" {
  description = "Further policies of the role, by keys that nothing else reads"
  type        = map(string)
  default     = {}
}

variable "iam_role_policy_statements" {
  description = "Statements of a policy of the role's own"
  type = list(object({
    sid       = optional(string)
    effect    = optional(string, "Allow")
    actions   = optional(list(string))
    resources = optional(list(string))
    condition = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })))
  }))
  default = null
}

variable "taints" {
  description = "The taints of the machines, by keys that nothing else reads"
  type = map(object({
    key    = string
    value  = optional(string)
    effect = string
  }))
  default = {}
}

variable "update_config" {
  description = "How many machines may be gone while the group is changed"
  type = object({
    max_unavailable            = optional(number)
    max_unavailable_percentage = optional(number)
  })
  default = { max_unavailable_percentage = 33 }
}

variable "timeouts" {
  description = "How long changes may take"
  type = object({
    create = optional(string)
    update = optional(string)
    delete = optional(string)
  })
  default = null
}

variable "schedules" {
  description = "When the size changes by itself, by names"
  type = map(object({
    min_size         = optional(number)
    max_size         = optional(number)
    desired_capacity = optional(number)
    start_time       = optional(string)
    end_time         = optional(string)
    time_zone        = optional(string)
    recurrence       = optional(string)
  }))
  default = {}
}
"""

GROUP = """\
data "aws_partition" "current" {
  count = var.create ? 1 : 0
}

data "aws_caller_identity" "current" {
  count = var.create ? 1 : 0
}

data "aws_ssm_parameter" "ami" {
  count = var.create && var.ami_id == "" ? 1 : 0
  name  = "/aws/service/${var.platform}/${coalesce(var.cluster_version, "1.33")}/recommended"
}

locals {
  partition  = try(data.aws_partition.current[0].partition, "aws")
  account_id = try(data.aws_caller_identity.current[0].account_id, "")

  template_name    = coalesce(var.name, "@kind@")
  template_id      = var.create && var.create_launch_template ? try(aws_launch_template.this[0].id, null) : var.launch_template_id
  template_version = coalesce(var.launch_template_version, try(aws_launch_template.this[0].default_version, "$Default"))

  # The cluster's own group comes first, where it is asked for.
  security_group_ids = compact(concat([var.cluster_primary_security_group_id], var.vpc_security_group_ids))

  # An image can only be told together with a way to join.
  uses_own_image = var.ami_id != "" || var.enable_bootstrap_user_data
}

module "user_data" {
  source = "../user-data"

  create                     = var.create
  platform                   = var.platform
  cluster_name               = var.cluster_name
  cluster_endpoint           = var.cluster_endpoint
  cluster_auth_base64        = var.cluster_auth_base64
  enable_bootstrap_user_data = local.uses_own_image
  pre_bootstrap_user_data    = var.pre_bootstrap_user_data
  post_bootstrap_user_data   = var.post_bootstrap_user_data
  bootstrap_extra_args       = var.bootstrap_extra_args
}

resource "aws_launch_template" "this" {
  count = var.create && var.create_launch_template ? 1 : 0

  name        = var.use_name_prefix ? null : local.template_name
  name_prefix = var.use_name_prefix ? "${local.template_name}-" : null
  description = coalesce(var.launch_template_description, "The machines of ${local.template_name} in ${var.cluster_name}")
  image_id    = local.uses_own_image ? coalesce(var.ami_id, try(data.aws_ssm_parameter.ami[0].value, null)) : null
  user_data   = module.user_data.user_data
@arguments@

  default_version        = var.launch_template_default_version
  update_default_version = var.update_launch_template_default_version
  vpc_security_group_ids = length(var.network_interfaces) > 0 ? [] : local.security_group_ids

@blocks@
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])

    content {
      resource_type = tag_specifications.key
      tags          = merge(var.tags, { Name = local.template_name })
    }
  }

  tags = var.tags

  lifecycle {
    create_before_destroy = true
  }

  # A machine can only join once it may ask for what it needs.
  depends_on = [aws_iam_role_policy_attachment.this]
}

locals {
  create_iam_role = var.create && var.create_iam_role
  iam_role_name   = coalesce(var.iam_role_name, "${local.template_name}-machines")
  policy_prefix   = "arn:${local.partition}:iam::aws:policy"

  role_policies = {
    for name, arn in {
      worker   = "${local.policy_prefix}/AmazonEKSWorkerNodePolicy"
      registry = "${local.policy_prefix}/AmazonEC2ContainerRegistryReadOnly"
      cni      = var.iam_role_attach_cni_policy ? "${local.policy_prefix}/AmazonEKS_CNI_Policy" : null
    } : name => arn if arn != null
  }
}

data "aws_iam_policy_document" "assume" {
  count = local.create_iam_role ? 1 : 0

  statement {
    sid     = "Machines"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  count = local.create_iam_role ? 1 : 0

  name                  = var.use_name_prefix ? null : local.iam_role_name
  name_prefix           = var.use_name_prefix ? substr("${local.iam_role_name}-", 0, 38) : null
  description           = "What the machines of ${local.template_name} may do"
  assume_role_policy    = data.aws_iam_policy_document.assume[0].json
  force_detach_policies = true
  tags                  = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for name, arn in merge(local.role_policies, var.iam_role_additional_policies) : name => arn if local.create_iam_role }

  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

data "aws_iam_policy_document" "role" {
  count = local.create_iam_role && var.iam_role_policy_statements != null ? 1 : 0

  dynamic "statement" {
    for_each = coalesce(var.iam_role_policy_statements, [])

    content {
      sid       = statement.value.sid
      effect    = statement.value.effect
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.condition != null ? statement.value.condition : []

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "this" {
  count = local.create_iam_role && var.iam_role_policy_statements != null ? 1 : 0

  name   = local.iam_role_name
  policy = data.aws_iam_policy_document.role[0].json
  role   = aws_iam_role.this[0].id
}
"""

MANAGED_GROUP = """\
resource "aws_eks_node_group" "this" {
  count = var.create ? 1 : 0

  cluster_name           = var.cluster_name
  node_role_arn          = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  subnet_ids             = var.subnet_ids
  node_group_name        = var.use_name_prefix ? null : var.name
  node_group_name_prefix = var.use_name_prefix ? "${var.name}-" : null
  ami_type               = var.ami_id != "" ? null : var.ami_type
  release_version        = var.ami_id != "" ? null : var.use_latest_ami_release_version ? null : var.ami_release_version
  version                = var.ami_id != "" ? null : var.cluster_version
  capacity_type          = var.capacity_type
  disk_size              = var.create_launch_template ? null : var.disk_size
  force_update_version   = var.force_update_version
  instance_types         = var.instance_types
  labels                 = var.labels

  scaling_config {
    min_size     = var.min_size
    max_size     = var.max_size
    desired_size = var.desired_size
  }

  dynamic "launch_template" {
    for_each = var.create_launch_template ? [1] : []

    content {
      id      = local.template_id
      version = local.template_version
    }
  }

  dynamic "taint" {
    for_each = var.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  dynamic "update_config" {
    for_each = var.update_config != null ? [var.update_config] : []

    content {
      max_unavailable_percentage = update_config.value.max_unavailable_percentage
      max_unavailable            = update_config.value.max_unavailable
    }
  }

  dynamic "timeouts" {
    for_each = var.timeouts != null ? [var.timeouts] : []

    content {
      create = timeouts.value.create
      update = timeouts.value.update
      delete = timeouts.value.delete
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [scaling_config[0].desired_size]
  }

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_autoscaling_schedule" "this" {
  for_each = { for name, it in var.schedules : name => it if var.create }

  scheduled_action_name  = each.key
  autoscaling_group_name = aws_eks_node_group.this[0].resources[0].autoscaling_groups[0].name
  min_size               = try(each.value.min_size, -1)
  max_size               = try(each.value.max_size, -1)
  desired_capacity       = try(each.value.desired_capacity, -1)
  start_time             = each.value.start_time
  end_time               = each.value.end_time
  time_zone              = each.value.time_zone
  recurrence             = each.value.recurrence
}

locals {
  group_arn    = try(aws_eks_node_group.this[0].arn, null)
  group_names  = flatten(aws_eks_node_group.this[*].resources[*].autoscaling_groups[*].name)
  group_labels = try(aws_eks_node_group.this[0].labels, {})
}
"""

SELF_GROUP = """\
resource "aws_autoscaling_group" "this" {
  count = var.create ? 1 : 0

  name                             = var.use_name_prefix ? null : var.name
  name_prefix                      = var.use_name_prefix ? "${var.name}-" : null
@group@
  vpc_zone_identifier              = var.subnet_ids

  dynamic "launch_template" {
    for_each = var.instance_requirements == null ? [1] : []

    content {
      id      = local.template_id
      version = local.template_version
    }
  }

  dynamic "tag" {
    for_each = merge(var.tags, {
      Name                                        = var.name
      "kubernetes.io/cluster/${var.cluster_name}" = "owned"
    })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  dynamic "timeouts" {
    for_each = var.timeouts != null ? [var.timeouts] : []

    content {
      delete = timeouts.value.delete
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [desired_capacity]
  }
}

resource "aws_autoscaling_schedule" "this" {
  for_each = { for name, it in var.schedules : name => it if var.create }

  scheduled_action_name  = each.key
  autoscaling_group_name = aws_autoscaling_group.this[0].name
  min_size               = try(each.value.min_size, -1)
  max_size               = try(each.value.max_size, -1)
  desired_capacity       = try(each.value.desired_capacity, -1)
  recurrence             = each.value.recurrence
}

resource "aws_iam_instance_profile" "this" {
  count = local.create_iam_role ? 1 : 0

  role        = aws_iam_role.this[0].name
  name_prefix = "${local.iam_role_name}-"
  tags        = var.tags
}

resource "aws_eks_access_entry" "this" {
  count = var.create ? 1 : 0

  cluster_name  = var.cluster_name
  principal_arn = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  type          = var.platform == "windows" ? "EC2_WINDOWS" : "EC2_LINUX"
  tags          = var.tags
}

locals {
  group_arn    = try(aws_autoscaling_group.this[0].arn, null)
  group_names  = aws_autoscaling_group.this[*].name
  group_labels = {}
}
""".replace("@group@", "\n".join(
    f"  {it} = var.{it}"
    for it in SELF if it not in ("instance_type", "desired_size", "desired_size_type")
))

GROUP_OUTPUTS = "\n".join(
    f'output "{name}" {{\n  description = "{description}"\n  value = {value}\n}}\n'
    for name, description, value in (
        ("arn", "The group", "local.group_arn"),
        ("autoscaling_group_names", "The groups of machines that scale", "local.group_names"),
        ("labels", "The labels of the machines", "local.group_labels"),
        ("taints", "The taints of the machines", "values(var.taints)"),
        ("launch_template_id", "The template of the machines", "try(aws_launch_template.this[0].id, null)"),
        ("launch_template_arn", "The template's ARN", "try(aws_launch_template.this[0].arn, null)"),
        ("launch_template_version", "Its version that is in use", "try(aws_launch_template.this[0].latest_version, null)"),
        ("iam_role_name", "The role of the machines", "try(aws_iam_role.this[0].name, null)"),
        ("iam_role_arn", "The role's ARN", "try(aws_iam_role.this[0].arn, var.iam_role_arn)"),
        ("iam_role_unique_id", "The role's own id", "try(aws_iam_role.this[0].unique_id, null)"),
        ("schedules", "What changes the size by itself", "aws_autoscaling_schedule.this"),
        ("platform", "The family of the system", "var.platform"),
        ("user_data", "What the machines are told, in base64", "try(module.user_data.user_data, null)"),
    )
)
