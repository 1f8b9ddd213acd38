"""The smaller modules of the cluster: profiles, roles, a key, and what machines are told at their start."""


def variables(*rows: tuple[str, str, str, str]) -> str:
    """Declarations of variables: name, type, default, description."""
    return "\n".join(
        f'variable "{name}" {{\n  description = "{description}"\n  type = {ty}\n  default = {default}\n}}\n'
        for name, ty, default, description in rows
    )


def outputs(*rows: tuple[str, str, str]) -> str:
    """Outputs: name, description, value."""
    return "\n".join(
        f'output "{name}" {{\n  description = "{description}"\n  value = {value}\n}}\n' for name, description, value in rows
    )


COMMON = (
    ("create", "bool", "true", "Whether anything is made"),
    ("tags", "map(string)", "{}", "The tags of everything"),
    ("cluster_name", "string", '""', "The cluster"),
)
TEXTS = lambda *names: tuple((it, "string", "null", it.replace("_", " ").capitalize()) for it in names)
FLAGS = lambda *names: tuple((it, "bool", "true", it.replace("_", " ").capitalize()) for it in names)

FARGATE = {
    "main.tf": """\
data "aws_region" "current" {
  count = var.create ? 1 : 0
}

data "aws_caller_identity" "current" {
  count = var.create ? 1 : 0
}

locals {
  region     = try(data.aws_region.current[0].region, "")
  account_id = try(data.aws_caller_identity.current[0].account_id, "")
  role_name  = coalesce(var.iam_role_name, var.name, "fargate")
  is_ipv6    = var.cluster_ip_family == "ipv6"
  policies   = var.iam_role_attach_cni_policy ? { cni = local.is_ipv6 ? var.ipv6_cni_policy : "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" } : {}
}

data "aws_iam_policy_document" "assume" {
  count = var.create && var.create_iam_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks-fargate-pods.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:eks:${local.region}:${local.account_id}:fargateprofile/${var.cluster_name}/*"]
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create && var.create_iam_role ? 1 : 0

  name_prefix          = "${substr(local.role_name, 0, 30)}-"
  path                 = var.iam_role_path
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
  permissions_boundary = var.iam_role_permissions_boundary
  tags                 = merge(var.tags, var.iam_role_tags)
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = {
    for name, arn in merge({ pods = "arn:aws:iam::aws:policy/AmazonEKSFargatePodExecutionRolePolicy" }, local.policies, var.iam_role_additional_policies) :
    name => arn if var.create && var.create_iam_role && arn != null
  }

  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

resource "aws_eks_fargate_profile" "this" {
  count = var.create ? 1 : 0

  cluster_name           = var.cluster_name
  fargate_profile_name   = var.name
  pod_execution_role_arn = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  subnet_ids             = var.subnet_ids

  dynamic "selector" {
    for_each = var.selectors

    content {
      namespace = selector.value.namespace
      labels    = try(selector.value.labels, {})
    }
  }

  dynamic "timeouts" {
    for_each = var.timeouts != null ? [var.timeouts] : []

    content {
      create = timeouts.value.create
      delete = timeouts.value.delete
    }
  }

  tags = var.tags
}
""",
    "variables.tf": variables(
        *COMMON,
        ("name", "string", '""', "The profile's name"),
        ("subnet_ids", "list(string)", "[]", "Where its pods are"),
        ("selectors", "list(object({\n    namespace = string\n    labels    = optional(map(string))\n  }))", "[]", "Which pods it takes"),
        ("timeouts", "object({\n    create = optional(string)\n    delete = optional(string)\n  })", "null", "How long changes may take"),
        ("iam_role_additional_policies", "map(string)", "{}", "Further policies, by keys that nothing else reads"),
        ("iam_role_tags", "map(string)", "{}", "Further tags of the role"),
        ("cluster_ip_family", "string", '"ipv4"', "ipv4 or ipv6"),
        *FLAGS("create_iam_role", "iam_role_attach_cni_policy"),
        *TEXTS("iam_role_arn", "iam_role_name", "iam_role_path", "iam_role_permissions_boundary", "ipv6_cni_policy"),
    ),
    "outputs.tf": outputs(
        ("arn", "The profile", "try(aws_eks_fargate_profile.this[0].arn, null)"),
        ("id", "The cluster's name and the profile's", "try(aws_eks_fargate_profile.this[0].id, null)"),
        ("status", "How the profile is", "try(aws_eks_fargate_profile.this[0].status, null)"),
        ("iam_role_name", "The role of its pods", "try(aws_iam_role.this[0].name, null)"),
        ("iam_role_arn", "The role's ARN", "try(aws_iam_role.this[0].arn, var.iam_role_arn)"),
    ),
}

# What a controller of machines may do, one statement each: sid, actions, resources, and the tag that these must have.
SCOPED = [
    ("AllowScopedInstances", "ec2:RunInstances ec2:CreateFleet", "image/* snapshot/* security-group/* subnet/* capacity-reservation/*", None),
    ("AllowScopedTemplates", "ec2:RunInstances ec2:CreateFleet", "launch-template/*", "aws:ResourceTag"),
    ("AllowScopedActions", "ec2:RunInstances ec2:CreateFleet ec2:CreateLaunchTemplate", "fleet/* instance/* volume/* network-interface/* launch-template/* spot-instances-request/*", "aws:RequestTag"),
    ("AllowScopedCreationTags", "ec2:CreateTags", "fleet/* instance/* volume/* network-interface/* launch-template/* spot-instances-request/*", "aws:RequestTag"),
    ("AllowScopedTags", "ec2:CreateTags", "instance/*", "aws:ResourceTag"),
    ("AllowScopedDeletion", "ec2:TerminateInstances ec2:DeleteLaunchTemplate", "instance/* launch-template/*", "aws:ResourceTag"),
    ("AllowRegionalReads", "ec2:DescribeAvailabilityZones ec2:DescribeImages ec2:DescribeInstances ec2:DescribeInstanceTypeOfferings ec2:DescribeInstanceTypes ec2:DescribeLaunchTemplates ec2:DescribeSecurityGroups ec2:DescribeSpotPriceHistory ec2:DescribeSubnets", "*", None),
    ("AllowPlacement", "ec2:DescribePlacementGroups ec2:DescribeCapacityReservations", "*", None),
    ("AllowNetworkReads", "ec2:DescribeVpcs ec2:DescribeNetworkInterfaces ec2:DescribeRouteTables", "*", None),
    ("AllowVolumes", "ec2:CreateVolume ec2:DeleteVolume ec2:AttachVolume ec2:DetachVolume", "volume/* instance/*", "aws:ResourceTag"),
    ("AllowSnapshots", "ec2:CreateSnapshot ec2:DeleteSnapshot", "snapshot/* volume/*", "aws:RequestTag"),
    ("AllowFleets", "ec2:DeleteFleets ec2:ModifyFleet ec2:DescribeFleets", "fleet/*", "aws:ResourceTag"),
]


def scoped(sid: str, actions: str, resources: str, tag: str | None) -> str:
    listed = "\n".join(f'      "{it}",' for it in actions.split())
    arns = "\n".join(
        '      "*",' if it == "*" else f'      "arn:${{local.partition}}:ec2:${{local.region}}:*:{it}",' for it in resources.split()
    )
    conditions = "" if tag is None else f"""
    condition {{
      test     = "StringEquals"
      variable = "{tag}/kubernetes.io/cluster/${{var.cluster_name}}"
      values   = ["owned"]
    }}

    condition {{
      test     = "StringLike"
      variable = "{tag}/pools.example.com/pool"
      values   = ["*"]
    }}
"""
    return f"""\
  statement {{
    sid = "{sid}"
    resources = [
{arns}
    ]
    actions = [
{listed}
    ]
{conditions}  }}
"""


NODE_POOLS = {
    "main.tf": """\
data "aws_region" "current" {
  count = var.create ? 1 : 0
}

data "aws_partition" "current" {
  count = var.create ? 1 : 0
}

data "aws_caller_identity" "current" {
  count = var.create ? 1 : 0
}

locals {
  region     = try(data.aws_region.current[0].region, "")
  partition  = try(data.aws_partition.current[0].partition, "aws")
  account_id = try(data.aws_caller_identity.current[0].account_id, "")

  create_controller_role = var.create && var.create_iam_role
  create_machine_role    = var.create && var.create_node_iam_role
  create_queue           = var.create && var.enable_spot_termination
  queue_name             = coalesce(var.queue_name, "pools-${var.cluster_name}")

  events = {
    health_event = {
      name        = "HealthEvent"
      description = "Something is wrong with the machines"
      event_pattern = {
        source      = ["aws.health"]
        detail-type = ["AWS Health Event"]
      }
    }
    spot_interrupt = {
      name        = "SpotInterrupt"
      description = "A machine is taken back"
      event_pattern = {
        source      = ["aws.ec2"]
        detail-type = ["EC2 Spot Instance Interruption Warning"]
      }
    }
    instance_rebalance = {
      name        = "InstanceRebalance"
      description = "A machine is likely to be taken back"
      event_pattern = {
        source      = ["aws.ec2"]
        detail-type = ["EC2 Instance Rebalance Recommendation"]
      }
    }
    instance_state_change = {
      name        = "InstanceStateChange"
      description = "A machine has stopped or started"
      event_pattern = {
        source      = ["aws.ec2"]
        detail-type = ["EC2 Instance State-change Notification"]
      }
    }
  }
}

data "aws_iam_policy_document" "controller_assume" {
  count = local.create_controller_role ? 1 : 0

  statement {
    sid     = "Pods"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }

  dynamic "statement" {
    for_each = var.oidc_provider_arn != null ? [1] : []

    content {
      sid     = "Tokens"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [var.oidc_provider_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "${replace(var.oidc_provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for it in var.service_accounts : "system:serviceaccount:${it}"]
      }
    }
  }
}

data "aws_iam_policy_document" "controller" {
  count = local.create_controller_role ? 1 : 0

""" + "\n".join(scoped(*it) for it in SCOPED) + """\

  dynamic "statement" {
    for_each = local.create_queue ? [1] : []

    content {
      sid       = "AllowQueue"
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      resources = [try(aws_sqs_queue.this[0].arn, null)]
    }
  }

  statement {
    sid       = "AllowPassingRole"
    actions   = ["iam:PassRole"]
    resources = var.create_node_iam_role ? [aws_iam_role.node[0].arn] : [var.node_iam_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "controller" {
  count = local.create_controller_role ? 1 : 0

  name_prefix = "${coalesce(var.iam_policy_name, "pools-${var.cluster_name}")}-"
  description = "What the controller of the pools may do"
  policy      = data.aws_iam_policy_document.controller[0].json
  tags        = var.tags
}

resource "aws_iam_role" "controller" {
  count = local.create_controller_role ? 1 : 0

  name_prefix          = substr("${coalesce(var.iam_role_name, "pools-${var.cluster_name}")}-", 0, 38)
  assume_role_policy   = data.aws_iam_policy_document.controller_assume[0].json
  max_session_duration = var.iam_role_max_session_duration
  permissions_boundary = var.iam_role_permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "controller" {
  for_each = { for name, arn in merge({ own = try(aws_iam_policy.controller[0].arn, null) }, var.iam_role_policies) : name => arn if local.create_controller_role }

  role       = aws_iam_role.controller[0].name
  policy_arn = each.value
}

resource "aws_eks_pod_identity_association" "controller" {
  count = local.create_controller_role && var.create_pod_identity ? 1 : 0

  cluster_name    = var.cluster_name
  namespace       = split(":", var.service_accounts[0])[0]
  service_account = split(":", var.service_accounts[0])[1]
  role_arn        = aws_iam_role.controller[0].arn
  tags            = var.tags
}

resource "aws_sqs_queue" "this" {
  count = local.create_queue ? 1 : 0

  name                      = local.queue_name
  message_retention_seconds = 300
  sqs_managed_sse_enabled   = var.queue_kms_master_key_id == null
  kms_master_key_id         = var.queue_kms_master_key_id
  tags                      = var.tags
}

data "aws_iam_policy_document" "queue" {
  count = local.create_queue ? 1 : 0

  statement {
    sid       = "Events"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.this[0].arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "sqs.amazonaws.com"]
    }
  }

  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.this[0].arn]

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

resource "aws_sqs_queue_policy" "this" {
  count = local.create_queue ? 1 : 0

  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.queue[0].json
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = { for name, it in local.events : name => it if local.create_queue }

  name_prefix   = "${var.rule_name_prefix}${each.value.name}-"
  description   = each.value.description
  event_pattern = jsonencode(each.value.event_pattern)
  tags          = merge({ cluster = var.cluster_name }, var.tags)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = { for name, it in local.events : name => it if local.create_queue }

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "pools-queue"
  arn       = aws_sqs_queue.this[0].arn
}

data "aws_iam_policy_document" "node_assume" {
  count = local.create_machine_role ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "node" {
  count = local.create_machine_role ? 1 : 0

  name_prefix           = substr("${coalesce(var.node_iam_role_name, "node-${var.cluster_name}")}-", 0, 38)
  assume_role_policy    = data.aws_iam_policy_document.node_assume[0].json
  force_detach_policies = true
  tags                  = merge(var.tags, var.node_iam_role_tags)
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = {
    for name, arn in merge({
      worker   = "arn:${local.partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy"
      registry = "arn:${local.partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
      cni      = var.node_iam_role_attach_cni_policy ? "arn:${local.partition}:iam::aws:policy/AmazonEKS_CNI_Policy" : null
    }, var.node_iam_role_additional_policies) : name => arn if local.create_machine_role && arn != null
  }

  policy_arn = each.value
  role       = aws_iam_role.node[0].name
}

resource "aws_eks_access_entry" "node" {
  count = var.create && var.create_access_entry ? 1 : 0

  cluster_name  = var.cluster_name
  principal_arn = var.create_node_iam_role ? aws_iam_role.node[0].arn : var.node_iam_role_arn
  type          = var.access_entry_type
  tags          = var.tags
}
""",
    "variables.tf": variables(
        *COMMON,
        ("service_accounts", "list(string)", '["kube-system:pools"]', "Who may use the controller's role, as namespace:name"),
        ("iam_role_policies", "map(string)", "{}", "Further policies of the controller, by keys that nothing else reads"),
        ("iam_role_max_session_duration", "number", "3600", "Seconds that a session lasts"),
        ("node_iam_role_additional_policies", "map(string)", "{}", "Further policies of the machines, by keys that nothing else reads"),
        ("node_iam_role_tags", "map(string)", "{}", "Further tags of the machines' role"),
        ("rule_name_prefix", "string", '"Pools"', "The beginning of the names of rules"),
        ("access_entry_type", "string", '"EC2_LINUX"', "What kind of machines join"),
        *FLAGS("create_iam_role", "create_node_iam_role", "enable_spot_termination", "create_pod_identity", "create_access_entry", "node_iam_role_attach_cni_policy"),
        *TEXTS("oidc_provider_arn", "iam_role_name", "iam_policy_name", "iam_role_permissions_boundary", "queue_name", "queue_kms_master_key_id", "node_iam_role_arn", "node_iam_role_name"),
    ),
    "outputs.tf": outputs(
        ("iam_role_arn", "The controller's role", "try(aws_iam_role.controller[0].arn, null)"),
        ("iam_role_name", "The name of it", "try(aws_iam_role.controller[0].name, null)"),
        ("queue_arn", "The queue of events", "try(aws_sqs_queue.this[0].arn, null)"),
        ("queue_name", "The name of it", "try(aws_sqs_queue.this[0].name, null)"),
        ("event_rules", "What writes to the queue", "aws_cloudwatch_event_rule.this"),
        ("node_iam_role_arn", "The role of the machines", "try(aws_iam_role.node[0].arn, var.node_iam_role_arn)"),
        ("node_access_entry_arn", "By what the machines join", "try(aws_eks_access_entry.node[0].access_entry_arn, null)"),
    ),
}

ROLE = {
    "main.tf": """\
locals {
  is_certificate = var.enable_certificates
  policies = {
    for name, arn in merge({
      registry = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
      agent    = local.is_certificate ? null : "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    }, var.policies) : name => arn if var.create && arn != null
  }
}

data "aws_iam_policy_document" "assume" {
  count = var.create ? 1 : 0

  statement {
    actions = local.is_certificate ? ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] : ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [local.is_certificate ? "rolesanywhere.amazonaws.com" : "ssm.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = local.is_certificate ? var.trust_anchor_arns : []

      content {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create ? 1 : 0

  name_prefix        = "${substr(coalesce(var.name, "hybrid"), 0, 30)}-"
  assume_role_policy = data.aws_iam_policy_document.assume[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.policies

  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

resource "aws_iam_role_policy" "describe" {
  count = var.create ? 1 : 0

  name = "describe"
  role = aws_iam_role.this[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Describe"
      Effect   = "Allow"
      Action   = ["eks:DescribeCluster", "ssm:DeregisterManagedInstance", "ssm:DescribeInstanceInformation"]
      Resource = coalescelist(var.cluster_arns, ["*"])
    }]
  })
}
""",
    "variables.tf": variables(
        *COMMON,
        ("name", "string", "null", "The role's name"),
        ("enable_certificates", "bool", "false", "Whether machines show a certificate"),
        ("trust_anchor_arns", "list(string)", "[]", "Whose certificates are taken"),
        ("cluster_arns", "list(string)", "[]", "The clusters that machines may look at; any if there is none"),
        ("policies", "map(string)", "{}", "Further policies, by keys that nothing else reads"),
    ),
    "outputs.tf": outputs(
        ("arn", "The role", "try(aws_iam_role.this[0].arn, null)"),
        ("name", "The name of it", "try(aws_iam_role.this[0].name, null)"),
    ),
}

USER_DATA = {
    "main.tf": """\
locals {
  is_nodeadm = var.platform == "al2023"

  node_config = {
    apiVersion = "node.eks.aws/v1alpha1"
    kind       = "NodeConfig"
    spec = {
      cluster = {
        name                 = var.cluster_name
        apiServerEndpoint    = var.cluster_endpoint
        certificateAuthority = var.cluster_auth_base64
      }
    }
  }

  texts = {
    al2 = <<-EOT
      #!/bin/bash
      set -e
      ${var.pre_bootstrap_user_data}
      B64_CLUSTER_CA=${var.cluster_auth_base64}
      /etc/eks/bootstrap.sh ${var.cluster_name} ${var.bootstrap_extra_args} --apiserver-endpoint ${var.cluster_endpoint}
      ${var.post_bootstrap_user_data}
    EOT

    al2023 = <<-EOT
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="BOUNDARY"

      %{if var.pre_bootstrap_user_data != ""~}
      --BOUNDARY
      Content-Type: text/x-shellscript

      ${var.pre_bootstrap_user_data}
      %{endif~}
      --BOUNDARY
      Content-Type: application/node.eks.aws

      ${yamlencode(local.node_config)}
      --BOUNDARY--
    EOT

    bottlerocket = <<-EOT
      [settings.kubernetes]
      "cluster-name" = "${var.cluster_name}"
      "api-server" = "${var.cluster_endpoint}"
      "cluster-certificate" = "${var.cluster_auth_base64}"
      ${var.bootstrap_extra_args}
    EOT

    windows = <<-EOT
      <powershell>
      ${var.pre_bootstrap_user_data}
      & "C:\\\\Program Files\\\\Amazon\\\\EKS\\\\Start-EKSBootstrap.ps1" -EKSClusterName ${var.cluster_name} ${var.bootstrap_extra_args}
      ${var.post_bootstrap_user_data}
      </powershell>
    EOT
  }

  # Machines whose image knows how to join are told only what was added.
  is_told = var.create && (var.enable_bootstrap_user_data || local.is_nodeadm && var.pre_bootstrap_user_data != "")
  text    = local.is_told ? lookup(local.texts, var.platform, "") : join("\\n", compact([var.pre_bootstrap_user_data]))
}

resource "terraform_data" "check" {
  count = var.create ? 1 : 0
  input = { platform = var.platform, is_told = local.is_told }

  lifecycle {
    precondition {
      condition     = !var.enable_bootstrap_user_data || var.cluster_name != ""
      error_message = "A machine that is told how to join needs the name of its cluster."
    }
  }
}
""",
    "variables.tf": variables(
        *COMMON,
        ("platform", "string", '"al2023"', "The family of the system"),
        ("enable_bootstrap_user_data", "bool", "false", "Whether machines are told how to join"),
        ("cluster_endpoint", "string", '""', "Where the cluster answers"),
        ("cluster_auth_base64", "string", '""', "The certificate of the cluster, in base64"),
        ("pre_bootstrap_user_data", "string", '""', "Commands before a machine joins"),
        ("post_bootstrap_user_data", "string", '""', "Commands after a machine has joined"),
        ("bootstrap_extra_args", "string", '""', "Arguments of the program that lets a machine join"),
    ),
    "outputs.tf": outputs(
        ("user_data", "What machines are told, in base64", 'local.text == "" ? null : base64encode(local.text)'),
        ("platform", "The family of the system", "var.platform"),
    ),
}

KEY = {
    "main.tf": """\
data "aws_caller_identity" "current" {
  count = var.create ? 1 : 0
}

locals {
  account_id = try(data.aws_caller_identity.current[0].account_id, "")
  root       = "arn:aws:iam::${local.account_id}:root"
}

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_policy ? [1] : []

    content {
      sid       = "Default"
      actions   = ["kms:*"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [local.root]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_administrators) > 0 ? [1] : []

    content {
      sid       = "Administration"
      actions   = ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = var.key_administrators
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_users) > 0 ? [1] : []

    content {
      sid       = "Use"
      actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = var.key_users
      }
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.create ? 1 : 0

  description             = var.description
  deletion_window_in_days = var.deletion_window_in_days
  enable_key_rotation     = var.enable_key_rotation
  policy                  = coalesce(var.policy, data.aws_iam_policy_document.this[0].json)
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  for_each = { for name in toset(var.aliases) : name => name if var.create }

  name          = "alias/${each.value}"
  target_key_id = aws_kms_key.this[0].key_id
}
""",
    "variables.tf": variables(
        *COMMON,
        ("aliases", "list(string)", "[]", "Names of the key"),
        ("deletion_window_in_days", "number", "30", "Days until it is gone"),
        ("key_administrators", "list(string)", "[]", "Who may change it"),
        ("key_users", "list(string)", "[]", "Who may use it"),
        ("source_policy_documents", "list(string)", "[]", "Policies that it begins with"),
        ("override_policy_documents", "list(string)", "[]", "Policies that hold before its own"),
        *FLAGS("enable_default_policy", "enable_key_rotation"),
        *TEXTS("description", "policy"),
    ),
    "outputs.tf": outputs(
        ("key_arn", "The key", "try(aws_kms_key.this[0].arn, null)"),
        ("key_id", "Its id", "try(aws_kms_key.this[0].key_id, null)"),
        ("key_policy", "Its policy", "try(aws_kms_key.this[0].policy, null)"),
        ("aliases", "Its names", "aws_kms_alias.this"),
    ),
}
