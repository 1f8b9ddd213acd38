"""The root of the large module: the cluster itself, its groups, and everything that can be set."""

from features import MANAGED, PLAIN, REPEATED, SELF, TEMPLATE
from roles import outputs, variables
from words import fill


def root() -> dict[str, str]:
    """The files of the root module."""
    groups = [
        fill(GROUPS, kind=kind, folder=folder, own=passed(kind, own), plain=passed(kind, PLAIN), blocks=blocks(kind))
        for kind, folder, own in (("managed", "managed-group", MANAGED), ("self_managed", "self-managed-group", SELF))
    ]
    return {
        "main.tf": MAIN,
        "groups.tf": SECURITY + "\n" + "\n".join(groups) + "\n" + PROFILES,
        "variables.tf": VARIABLES + "\n" + group_variables(),
        "outputs.tf": OUTPUTS,
    }


def passed(kind: str, names: dict) -> str:
    """What a group is given: its own, else what is said for all groups, else the default."""
    lines = []
    for name, (_, default) in names.items():
        last = "" if default == "null" else f", {default}"
        lines.append(f"  {name} = try(coalesce(each.value.{name}, var.{kind}_group_defaults.{name}), var.{kind}_group_defaults.{name}{last}, null)")
    return "\n".join(lines)


def blocks(kind: str) -> str:
    lines = [f"  {name} = try(each.value.{name}, var.{kind}_group_defaults.{name}, null)" for name in TEMPLATE]
    lines += [f"  {name} = merge(try(var.{kind}_group_defaults.{name}, {{}}), try(each.value.{name}, {{}}))" for name in REPEATED]
    return "\n".join(lines)


def group_variables() -> str:
    return "\n".join(
        f'variable "{kind}_{name}" {{\n  description = "{description}"\n  type = any\n  default = {{}}\n}}\n'
        for kind, words in (("managed", "managed"), ("self_managed", "self-managed"))
        for name, description in (
            ("groups", f"The {words} groups of machines by their names"),
            ("group_defaults", f"What holds for each of the {words} groups that does not say otherwise"),
        )
    )


MAIN = """\
data "aws_partition" "current" {
  count = local.create ? 1 : 0
}

data "aws_caller_identity" "current" {
  count = local.create ? 1 : 0
}

data "aws_iam_session_context" "current" {
  count = local.create ? 1 : 0

  # Whoever has assumed a role is known by the role.
  arn = try(data.aws_caller_identity.current[0].arn, "")
}

locals {
  create    = var.create
  partition = try(data.aws_partition.current[0].partition, "aws")
  root      = try(data.aws_iam_session_context.current[0].issuer_arn, "")

  role_arn             = try(aws_iam_role.this[0].arn, var.iam_role_arn)
  is_auto              = try(var.compute_config.enabled, false)
  is_outpost           = length(var.outpost_config) > 0
  encrypts_with_key    = var.encryption_config != null && !local.is_outpost
  primary_group_id     = try(aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id, null)
  control_subnets      = length(var.control_plane_subnet_ids) > 0 ? var.control_plane_subnet_ids : var.subnet_ids
  service_ipv4_cidr    = var.ip_family == "ipv4" ? var.service_ipv4_cidr : null
  additional_log_types = setsubtract(toset(var.enabled_log_types), ["audit"])
}

resource "aws_eks_cluster" "this" {
  count = local.create ? 1 : 0

  name                          = var.name
  role_arn                      = local.role_arn
  version                       = var.kubernetes_version
  enabled_cluster_log_types     = var.enabled_log_types
  bootstrap_self_managed_addons = local.is_auto ? coalesce(var.bootstrap_self_managed_addons, false) : var.bootstrap_self_managed_addons
  force_update_version          = var.force_update_version
  deletion_protection           = var.deletion_protection

  access_config {
    authentication_mode                         = var.authentication_mode
    bootstrap_cluster_creator_admin_permissions = false
  }

  dynamic "compute_config" {
    for_each = local.is_auto ? [var.compute_config] : []

    content {
      enabled       = compute_config.value.enabled
      node_pools    = compute_config.value.node_pools
      node_role_arn = length(try(compute_config.value.node_pools, [])) > 0 ? try(aws_iam_role.auto[0].arn, compute_config.value.node_role_arn) : null
    }
  }

  vpc_config {
    security_group_ids      = compact(distinct(concat(var.additional_security_group_ids, [local.security_group_id])))
    subnet_ids              = local.control_subnets
    endpoint_private_access = var.endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access
    public_access_cidrs     = var.endpoint_public_access_cidrs
  }

  dynamic "kubernetes_network_config" {
    for_each = local.is_outpost ? [] : [1]

    content {
      dynamic "elastic_load_balancing" {
        for_each = local.is_auto ? [1] : []

        content {
          enabled = local.is_auto
        }
      }

      ip_family         = var.ip_family
      service_ipv4_cidr = local.service_ipv4_cidr
      service_ipv6_cidr = var.service_ipv6_cidr
    }
  }

  dynamic "outpost_config" {
    for_each = local.is_outpost ? [var.outpost_config] : []

    content {
      control_plane_instance_type = outpost_config.value.control_plane_instance_type
      outpost_arns                = outpost_config.value.outpost_arns
    }
  }

  dynamic "encryption_config" {
    for_each = local.encrypts_with_key ? [var.encryption_config] : []

    content {
      provider {
        key_arn = var.create_key ? module.key.key_arn : encryption_config.value.provider_key_arn
      }
      resources = encryption_config.value.resources
    }
  }

  dynamic "remote_network_config" {
    for_each = var.remote_network_config != null ? [var.remote_network_config] : []

    content {
      dynamic "remote_node_networks" {
        for_each = [remote_network_config.value.remote_node_networks]

        content {
          cidrs = remote_node_networks.value.cidrs
        }
      }

      dynamic "remote_pod_networks" {
        for_each = remote_network_config.value.remote_pod_networks != null ? [remote_network_config.value.remote_pod_networks] : []

        content {
          cidrs = remote_pod_networks.value.cidrs
        }
      }
    }
  }

  dynamic "upgrade_policy" {
    for_each = var.upgrade_policy != null ? [var.upgrade_policy] : []

    content {
      support_type = upgrade_policy.value.support_type
    }
  }

  dynamic "zonal_shift_config" {
    for_each = var.zonal_shift_config != null ? [var.zonal_shift_config] : []

    content {
      enabled = zonal_shift_config.value.enabled
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

  tags = merge({ managed-by = "terraform" }, var.tags, var.cluster_tags)

  depends_on = [
    aws_iam_role_policy_attachment.this,
    aws_security_group_rule.cluster,
    aws_cloudwatch_log_group.this,
  ]

  lifecycle {
    ignore_changes = [access_config[0].bootstrap_cluster_creator_admin_permissions]

    precondition {
      condition     = length(local.control_subnets) >= 2 || local.is_outpost
      error_message = "A cluster needs two subnets at least."
    }
  }
}

resource "aws_ec2_tag" "primary" {
  for_each = { for key, value in merge(var.tags, var.primary_security_group_tags) : key => value if local.create && key != "Name" && var.create_primary_security_group_tags }

  resource_id = local.primary_group_id
  key         = each.key
  value       = each.value
}

resource "aws_cloudwatch_log_group" "this" {
  count = local.create && var.create_log_group ? 1 : 0

  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_group_retention_in_days
  kms_key_id        = var.log_group_kms_key_id
  log_group_class   = var.log_group_class
  tags              = merge(var.tags, { Name = "/aws/eks/${var.name}/cluster" })
}

locals {
  # The entry of whoever makes the cluster stands beside those that are given.
  creator_entry = {
    creator = {
      principal_arn     = local.root
      type              = "STANDARD"
      kubernetes_groups = null
      user_name         = null
      policy_associations = {
        admin = {
          policy_arn   = "arn:${local.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
          access_scope = { type = "cluster", namespaces = null }
        }
      }
    }
  }

  entries = merge({ for name, it in local.creator_entry : name => it if var.enable_creator_admin_permissions }, var.access_entries)

  # One row for each policy of each entry.
  associations = flatten([
    for entry_name, entry in local.entries : [
      for name, association in try(entry.policy_associations, {}) : merge({
        principal_arn   = entry.principal_arn
        entry_key       = entry_name
        association_key = name
      }, association)
    ]
  ])
}

resource "aws_eks_access_entry" "this" {
  for_each = { for name, it in local.entries : name => it if local.create }

  cluster_name      = aws_eks_cluster.this[0].id
  kubernetes_groups = try(each.value.kubernetes_groups, null)
  principal_arn     = each.value.principal_arn
  type              = try(each.value.type, "STANDARD")
  user_name         = try(each.value.user_name, null)
  tags              = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_eks_access_policy_association" "this" {
  for_each = { for it in local.associations : "${it.entry_key}_${it.association_key}" => it if local.create }

  cluster_name  = aws_eks_cluster.this[0].id
  policy_arn    = each.value.policy_arn
  principal_arn = each.value.principal_arn

  access_scope {
    type       = each.value.access_scope.type
    namespaces = try(each.value.access_scope.namespaces, [])
  }

  depends_on = [aws_eks_access_entry.this]
}

module "key" {
  source = "./modules/key"

  create                    = local.create && var.create_key && local.encrypts_with_key
  description               = coalesce(var.key_description, "Secrets of ${var.name}")
  deletion_window_in_days   = var.key_deletion_window_in_days
  enable_key_rotation       = var.enable_key_rotation
  enable_default_policy     = var.key_enable_default_policy
  key_administrators        = coalescelist(var.key_administrators, [local.root])
  key_users                 = concat([local.role_arn], var.key_users)
  source_policy_documents   = var.key_source_policy_documents
  override_policy_documents = var.key_override_policy_documents
  aliases                   = concat(["eks/${var.name}"], var.key_aliases)
  tags                      = merge({ managed-by = "terraform" }, var.tags)
}

locals {
  security_group_id     = local.creates_security_group ? aws_security_group.cluster[0].id : var.security_group_id
  creates_security_group = local.create && var.create_security_group

  cluster_rules = {
    ingress_nodes_443 = {
      description                = "Machines to the cluster"
      protocol                   = "tcp"
      from_port                  = 443
      to_port                    = 443
      type                       = "ingress"
      source_node_security_group = true
    }
  }
}

resource "aws_security_group" "cluster" {
  count = local.creates_security_group ? 1 : 0

  name        = var.security_group_use_name_prefix ? null : coalesce(var.security_group_name, "${var.name}-cluster")
  name_prefix = var.security_group_use_name_prefix ? "${coalesce(var.security_group_name, "${var.name}-cluster")}-" : null
  description = var.security_group_description
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-cluster" }, var.security_group_tags)

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group_rule" "cluster" {
  for_each = { for name, it in merge(local.cluster_rules, var.security_group_additional_rules) : name => it if local.creates_security_group }

  security_group_id = aws_security_group.cluster[0].id
  protocol          = each.value.protocol
  from_port         = each.value.from_port
  to_port           = each.value.to_port
  type              = each.value.type

  description              = lookup(each.value, "description", null)
  cidr_blocks              = lookup(each.value, "cidr_blocks", null)
  ipv6_cidr_blocks         = lookup(each.value, "ipv6_cidr_blocks", null)
  prefix_list_ids          = lookup(each.value, "prefix_list_ids", null)
  self                     = lookup(each.value, "self", null)
  source_security_group_id = try(each.value.source_node_security_group, false) ? local.node_security_group_id : lookup(each.value, "source_security_group_id", null)
}

data "tls_certificate" "this" {
  count = local.create && var.enable_irsa && var.include_root_certificate ? 1 : 0

  url = aws_eks_cluster.this[0].identity[0].oidc[0].issuer
}

resource "aws_iam_openid_connect_provider" "this" {
  count = local.create && var.enable_irsa && !local.is_outpost ? 1 : 0

  client_id_list  = distinct(compact(concat(["sts.amazonaws.com"], var.openid_connect_audiences)))
  thumbprint_list = concat(try(data.tls_certificate.this[0].certificates[*].sha1_fingerprint, []), var.custom_thumbprints)
  url             = aws_eks_cluster.this[0].identity[0].oidc[0].issuer
  tags            = merge({ Name = "${var.name}-irsa" }, var.tags)
}

locals {
  creates_role = local.create && var.create_iam_role
  role_name    = coalesce(var.iam_role_name, "${var.name}-cluster")

  role_policies = {
    for name, arn in {
      cluster    = "arn:${local.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
      controller = local.is_auto ? null : "arn:${local.partition}:iam::aws:policy/AmazonEKSVPCResourceController"
      compute    = local.is_auto ? "arn:${local.partition}:iam::aws:policy/AmazonEKSComputePolicy" : null
      storage    = local.is_auto ? "arn:${local.partition}:iam::aws:policy/AmazonEKSBlockStoragePolicy" : null
      balancing  = local.is_auto ? "arn:${local.partition}:iam::aws:policy/AmazonEKSLoadBalancingPolicy" : null
      networking = local.is_auto ? "arn:${local.partition}:iam::aws:policy/AmazonEKSNetworkingPolicy" : null
    } : name => arn if arn != null
  }
}

data "aws_iam_policy_document" "assume" {
  count = local.creates_role ? 1 : 0

  statement {
    sid     = "Cluster"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }

    dynamic "principals" {
      for_each = local.is_outpost ? [1] : []

      content {
        type        = "Service"
        identifiers = ["ec2.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = local.creates_role ? 1 : 0

  name                  = var.iam_role_use_name_prefix ? null : local.role_name
  name_prefix           = var.iam_role_use_name_prefix ? substr("${local.role_name}-", 0, 38) : null
  path                  = var.iam_role_path
  description           = var.iam_role_description
  assume_role_policy    = data.aws_iam_policy_document.assume[0].json
  permissions_boundary  = var.iam_role_permissions_boundary
  force_detach_policies = true
  tags                  = merge(var.tags, var.iam_role_tags)
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for name, arn in merge(local.role_policies, var.iam_role_additional_policies) : name => arn if local.creates_role }

  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

data "aws_iam_policy_document" "encryption" {
  count = local.creates_role && var.attach_encryption_policy && local.encrypts_with_key ? 1 : 0

  statement {
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]
    resources = [var.create_key ? module.key.key_arn : var.encryption_config.provider_key_arn]
  }
}

resource "aws_iam_policy" "encryption" {
  count = local.creates_role && var.attach_encryption_policy && local.encrypts_with_key ? 1 : 0

  name_prefix = "${coalesce(var.encryption_policy_name, "${local.role_name}-encryption")}-"
  description = var.encryption_policy_description
  policy      = data.aws_iam_policy_document.encryption[0].json
  tags        = var.tags
}

resource "aws_iam_role_policy_attachment" "encryption" {
  count = local.creates_role && var.attach_encryption_policy && local.encrypts_with_key ? 1 : 0

  policy_arn = aws_iam_policy.encryption[0].arn
  role       = aws_iam_role.this[0].name
}

resource "aws_iam_role" "auto" {
  count = local.create && local.is_auto && var.create_auto_role ? 1 : 0

  name_prefix        = substr("${var.name}-auto-", 0, 38)
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
  tags = var.tags
}

data "aws_eks_addon_version" "this" {
  for_each = { for name, it in var.addons : name => it if local.create && !local.is_outpost }

  addon_name         = try(each.value.name, each.key)
  kubernetes_version = coalesce(var.kubernetes_version, try(aws_eks_cluster.this[0].version, null))
  most_recent        = try(each.value.most_recent, true)
}

resource "aws_eks_addon" "this" {
  for_each = { for name, it in var.addons : name => it if !try(it.before_compute, false) && local.create && !local.is_outpost }

  cluster_name                = aws_eks_cluster.this[0].id
  addon_name                  = try(each.value.name, each.key)
  addon_version               = coalesce(try(each.value.addon_version, null), data.aws_eks_addon_version.this[each.key].version)
  configuration_values        = try(each.value.configuration_values, null)
  preserve                    = try(each.value.preserve, true)
  resolve_conflicts_on_create = try(each.value.resolve_conflicts_on_create, "NONE")
  resolve_conflicts_on_update = try(each.value.resolve_conflicts_on_update, "OVERWRITE")
  service_account_role_arn    = try(each.value.service_account_role_arn, null)

  dynamic "pod_identity_association" {
    for_each = try(each.value.pod_identity_association, [])

    content {
      role_arn        = pod_identity_association.value.role_arn
      service_account = pod_identity_association.value.service_account
    }
  }

  timeouts {
    create = try(each.value.timeouts.create, var.addons_timeouts.create, null)
    update = try(each.value.timeouts.update, var.addons_timeouts.update, null)
    delete = try(each.value.timeouts.delete, var.addons_timeouts.delete, null)
  }

  depends_on = [module.managed_group, module.self_managed_group, module.fargate_profile]

  tags = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_eks_addon" "before_compute" {
  for_each = { for name, it in var.addons : name => it if try(it.before_compute, false) && local.create && !local.is_outpost }

  cluster_name             = aws_eks_cluster.this[0].id
  addon_name               = try(each.value.name, each.key)
  addon_version            = coalesce(try(each.value.addon_version, null), data.aws_eks_addon_version.this[each.key].version)
  configuration_values     = try(each.value.configuration_values, null)
  preserve                 = try(each.value.preserve, true)
  service_account_role_arn = try(each.value.service_account_role_arn, null)
  tags                     = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_eks_identity_provider_config" "this" {
  for_each = { for name, it in var.identity_providers : name => it if local.create && !local.is_outpost }

  cluster_name = aws_eks_cluster.this[0].id

  oidc {
    client_id                     = each.value.client_id
    groups_claim                  = lookup(each.value, "groups_claim", null)
    groups_prefix                 = lookup(each.value, "groups_prefix", null)
    identity_provider_config_name = try(each.value.identity_provider_config_name, each.key)
    issuer_url                    = try(each.value.issuer_url, aws_eks_cluster.this[0].identity[0].oidc[0].issuer)
    required_claims               = lookup(each.value, "required_claims", null)
    username_claim                = lookup(each.value, "username_claim", null)
  }

  tags = merge(var.tags, try(each.value.tags, {}))
}
"""

SECURITY = """\
locals {
  node_group_name        = coalesce(var.node_security_group_name, "${var.name}-node")
  creates_node_group     = local.create && var.create_node_security_group
  node_security_group_id = local.creates_node_group ? aws_security_group.node[0].id : var.node_security_group_id

  node_rules = {
    for name, it in {
      ingress_cluster_443     = { description = "The cluster to machines", port = 443, to = 443, from_cluster = true }
      ingress_cluster_kubelet = { description = "The cluster to kubelets", port = 10250, to = 10250, from_cluster = true }
      ingress_self_dns_tcp    = { description = "Names, by TCP", port = 53, to = 53, self = true }
      ingress_self_dns_udp    = { description = "Names, by UDP", port = 53, to = 53, self = true, protocol = "udp" }
    } : name => merge({ protocol = "tcp", type = "ingress" }, it)
  }

  recommended_rules = {
    for name, it in {
      ingress_nodes_ephemeral = { description = "Machines to each other", port = 1025, to = 65535, self = true }
      ingress_cluster_4443    = { description = "The cluster to metrics", port = 4443, to = 4443, from_cluster = true }
      ingress_cluster_6443    = { description = "The cluster to adapters", port = 6443, to = 6443, from_cluster = true }
      ingress_cluster_8443    = { description = "The cluster to webhooks", port = 8443, to = 8443, from_cluster = true }
      ingress_cluster_9443    = { description = "The cluster to controllers", port = 9443, to = 9443, from_cluster = true }
      egress_all              = { description = "Anywhere", port = 0, to = 0, protocol = "-1", type = "egress", cidr_blocks = ["0.0.0.0/0"] }
    } : name => merge({ protocol = "tcp", type = "ingress" }, it) if var.node_security_group_enable_recommended_rules
  }
}

resource "aws_security_group" "node" {
  count = local.creates_node_group ? 1 : 0

  name_prefix = "${local.node_group_name}-"
  description = var.node_security_group_description
  vpc_id      = var.vpc_id

  tags = merge(var.tags, {
    Name                                = local.node_group_name
    "kubernetes.io/cluster/${var.name}" = "owned"
  }, var.node_security_group_tags)

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group_rule" "node" {
  for_each = {
    for name, it in merge(local.node_rules, local.recommended_rules, var.node_security_group_additional_rules) :
    name => it if local.creates_node_group
  }

  security_group_id        = aws_security_group.node[0].id
  protocol                 = each.value.protocol
  from_port                = try(each.value.port, each.value.from_port)
  to_port                  = try(each.value.to, each.value.to_port)
  type                     = each.value.type
  description              = try(each.value.description, null)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, [])
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.from_cluster, false) ? local.security_group_id : try(each.value.source_security_group_id, null)
}

resource "aws_iam_policy" "cni_ipv6" {
  count = local.create && var.create_cni_ipv6_policy ? 1 : 0

  name        = "AmazonEKS_CNI_IPv6_Policy"
  description = "Interfaces with addresses of version 6"
  policy      = data.aws_iam_policy_document.cni_ipv6[0].json
  tags        = var.tags
}

data "aws_iam_policy_document" "cni_ipv6" {
  count = local.create && var.create_cni_ipv6_policy ? 1 : 0

  statement {
    sid       = "Assign"
    resources = ["*"]
    actions = [
      "ec2:AssignIpv6Addresses",
      "ec2:DescribeInstances",
      "ec2:DescribeTags",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeInstanceTypes",
    ]
  }

  statement {
    sid       = "Tag"
    actions   = ["ec2:CreateTags"]
    resources = ["arn:${local.partition}:ec2:*:*:network-interface/*"]
  }
}

# What depends on the cluster waits until it answers.
resource "time_sleep" "this" {
  count = local.create ? 1 : 0

  create_duration = var.dataplane_wait_duration

  triggers = {
    cluster_name         = aws_eks_cluster.this[0].id
    cluster_endpoint     = aws_eks_cluster.this[0].endpoint
    cluster_version      = aws_eks_cluster.this[0].version
    cluster_service_cidr = var.ip_family == "ipv6" ? var.service_ipv6_cidr : local.service_ipv4_cidr
    certificate          = aws_eks_cluster.this[0].certificate_authority[0].data
  }
}
"""

GROUPS = """\
module "@kind@_group" {
  source   = "./modules/@folder@"
  for_each = { for name, it in var.@kind@_groups : name => it if local.create && !local.is_outpost }

  create = try(each.value.create, true)

  cluster_name                      = time_sleep.this[0].triggers["cluster_name"]
  cluster_version                   = try(each.value.kubernetes_version, var.@kind@_group_defaults.kubernetes_version, time_sleep.this[0].triggers["cluster_version"])
  cluster_endpoint                  = try(time_sleep.this[0].triggers["cluster_endpoint"], "")
  cluster_auth_base64               = try(time_sleep.this[0].triggers["certificate"], "")
  cluster_primary_security_group_id = try(each.value.attach_primary_security_group, false) ? local.primary_group_id : null

  name            = try(each.value.name, each.key)
  use_name_prefix = try(each.value.use_name_prefix, var.@kind@_group_defaults.use_name_prefix, true)
  subnet_ids      = try(each.value.subnet_ids, var.@kind@_group_defaults.subnet_ids, var.subnet_ids)
  platform        = try(each.value.platform, var.@kind@_group_defaults.platform, "al2023")

@own@

  # What the machines are told
  enable_bootstrap_user_data = try(each.value.enable_bootstrap_user_data, var.@kind@_group_defaults.enable_bootstrap_user_data, false)
  pre_bootstrap_user_data    = try(each.value.pre_bootstrap_user_data, var.@kind@_group_defaults.pre_bootstrap_user_data, "")
  post_bootstrap_user_data   = try(each.value.post_bootstrap_user_data, var.@kind@_group_defaults.post_bootstrap_user_data, "")
  bootstrap_extra_args       = try(each.value.bootstrap_extra_args, var.@kind@_group_defaults.bootstrap_extra_args, "")

  # Their template
  create_launch_template  = try(each.value.create_launch_template, var.@kind@_group_defaults.create_launch_template, true)
  launch_template_id      = try(each.value.launch_template_id, var.@kind@_group_defaults.launch_template_id, "")
  launch_template_version = try(each.value.launch_template_version, var.@kind@_group_defaults.launch_template_version, null)
@plain@
@blocks@

  # Their role
  create_iam_role              = try(each.value.create_iam_role, var.@kind@_group_defaults.create_iam_role, true)
  iam_role_arn                 = try(each.value.iam_role_arn, var.@kind@_group_defaults.iam_role_arn, null)
  iam_role_name                = try(each.value.iam_role_name, var.@kind@_group_defaults.iam_role_name, null)
  iam_role_attach_cni_policy   = try(each.value.iam_role_attach_cni_policy, var.@kind@_group_defaults.iam_role_attach_cni_policy, true)
  iam_role_additional_policies = merge(try(var.@kind@_group_defaults.iam_role_additional_policies, {}), try(each.value.iam_role_additional_policies, {}))
  iam_role_policy_statements   = try(each.value.iam_role_policy_statements, var.@kind@_group_defaults.iam_role_policy_statements, null)

  schedules     = try(each.value.schedules, var.@kind@_group_defaults.schedules, {})
  taints        = merge(try(var.@kind@_group_defaults.taints, {}), try(each.value.taints, {}))
  update_config = try(each.value.update_config, var.@kind@_group_defaults.update_config, { max_unavailable_percentage = 33 })
  timeouts      = try(each.value.timeouts, var.@kind@_group_defaults.timeouts, null)

  tags = merge(var.tags, try(each.value.tags, var.@kind@_group_defaults.tags, {}))
}
"""

PROFILES = """\
module "fargate_profile" {
  source   = "./modules/fargate-profile"
  for_each = { for name, it in var.fargate_profiles : name => it if local.create && !local.is_outpost }

  create = try(each.value.create, true)

  cluster_name      = time_sleep.this[0].triggers["cluster_name"]
  cluster_ip_family = var.ip_family
  name              = try(each.value.name, each.key)
  subnet_ids        = try(each.value.subnet_ids, var.fargate_profile_defaults.subnet_ids, var.subnet_ids)
  selectors         = try(each.value.selectors, var.fargate_profile_defaults.selectors, [])
  timeouts          = try(each.value.timeouts, var.fargate_profile_defaults.timeouts, null)

  create_iam_role              = try(each.value.create_iam_role, var.fargate_profile_defaults.create_iam_role, true)
  iam_role_arn                 = try(each.value.iam_role_arn, var.fargate_profile_defaults.iam_role_arn, null)
  iam_role_name                = try(each.value.iam_role_name, var.fargate_profile_defaults.iam_role_name, null)
  iam_role_attach_cni_policy   = try(each.value.iam_role_attach_cni_policy, var.fargate_profile_defaults.iam_role_attach_cni_policy, true)
  iam_role_additional_policies = merge(try(var.fargate_profile_defaults.iam_role_additional_policies, {}), try(each.value.iam_role_additional_policies, {}))
  ipv6_cni_policy              = try(aws_iam_policy.cni_ipv6[0].arn, null)

  tags = merge(var.tags, try(each.value.tags, var.fargate_profile_defaults.tags, {}))
}
"""

FLAGS_ON = (
    "create", "create_iam_role", "create_key", "create_security_group", "create_node_security_group", "create_log_group",
    "enable_irsa", "endpoint_private_access", "iam_role_use_name_prefix", "security_group_use_name_prefix",
    "attach_encryption_policy", "enable_key_rotation", "include_root_certificate", "create_auto_role",
    "create_primary_security_group_tags", "node_security_group_enable_recommended_rules",
)
FLAGS_OFF = (
    "endpoint_public_access", "enable_creator_admin_permissions", "create_cni_ipv6_policy", "key_enable_default_policy",
)
TEXTS = (
    "name", "kubernetes_version", "iam_role_arn", "iam_role_name", "iam_role_path", "iam_role_permissions_boundary",
    "iam_role_description", "vpc_id", "service_ipv4_cidr", "service_ipv6_cidr", "key_description", "log_group_kms_key_id",
    "log_group_class", "security_group_id", "security_group_name", "node_security_group_id", "node_security_group_name",
    "encryption_policy_name", "encryption_policy_description",
)
LISTS = (
    "subnet_ids", "control_plane_subnet_ids", "additional_security_group_ids", "key_administrators", "key_users",
    "key_aliases", "key_source_policy_documents", "key_override_policy_documents", "openid_connect_audiences",
    "custom_thumbprints",
)
MAPS = (
    "tags", "cluster_tags", "primary_security_group_tags", "iam_role_tags", "security_group_tags", "node_security_group_tags",
    "iam_role_additional_policies",
)
ANY = (
    "outpost_config", "addons", "addons_timeouts", "identity_providers", "access_entries", "security_group_additional_rules",
    "node_security_group_additional_rules", "fargate_profiles", "fargate_profile_defaults",
)

VARIABLES = variables(
    *((it, "bool", "true", f"Whether to {it.replace('_', ' ')}") for it in FLAGS_ON),
    *((it, "bool", "false", f"Whether to {it.replace('_', ' ')}") for it in FLAGS_OFF),
    *((it, "string", '""' if it == "name" else "null", f"{it.replace('_', ' ').capitalize()} of the cluster") for it in TEXTS),
    *((it, "list(string)", "[]", f"{it.replace('_', ' ').capitalize()} of the cluster, none by default") for it in LISTS),
    *((it, "map(string)", "{}", f"{it.replace('_', ' ').capitalize()}, by keys that nothing else reads") for it in MAPS),
    *((it, "any", "{}", f"{it.replace('_', ' ').capitalize()}; see the examples for what it may hold") for it in ANY),
    ("bootstrap_self_managed_addons", "bool", "null", "Whether the cluster begins with its usual addons"),
    ("force_update_version", "bool", "null", "Whether pods that can't be moved hold up a new version"),
    ("deletion_protection", "bool", "null", "Whether the cluster can't be deleted"),
    ("authentication_mode", "string", '"API_AND_CONFIG_MAP"', "How users are known"),
    ("endpoint_public_access_cidrs", "list(string)", '["0.0.0.0/0"]', "Who reaches the public endpoint"),
    ("enabled_log_types", "list(string)", '["audit", "api", "authenticator"]', "What the control plane logs"),
    ("log_group_retention_in_days", "number", "90", "Days that logs are kept"),
    ("key_deletion_window_in_days", "number", "null", "Days until the key is gone"),
    ("dataplane_wait_duration", "string", '"30s"', "How long what depends on the cluster waits"),
    ("security_group_description", "string", '"The control plane"', "What the group of the cluster is for"),
    ("node_security_group_description", "string", '"The machines"', "What the group of machines is for"),
    ("encryption_config", "object({\n    provider_key_arn = optional(string)\n    resources        = optional(list(string), [\"secrets\"])\n  })", "{}", "What is encrypted, by which key"),
    ("compute_config", "object({\n    enabled       = optional(bool, false)\n    node_pools    = optional(list(string))\n    node_role_arn = optional(string)\n  })", "{}", "Machines that the cluster makes by itself"),
    ("remote_network_config", "object({\n    remote_node_networks = object({ cidrs = optional(list(string)) })\n    remote_pod_networks  = optional(object({ cidrs = optional(list(string)) }))\n  })", "null", "Networks of machines elsewhere"),
    ("upgrade_policy", "object({\n    support_type = optional(string)\n  })", "null", "For how long a version is used"),
    ("zonal_shift_config", "object({\n    enabled = optional(bool)\n  })", "null", "Whether traffic leaves a zone that fails"),
    ("timeouts", "object({\n    create = optional(string)\n    update = optional(string)\n    delete = optional(string)\n  })", "null", "How long changes may take"),
) + """
variable "ip_family" {
  description = "The version of addresses"
  type        = string
  default     = "ipv4"

  validation {
    condition     = contains(["ipv4", "ipv6"], var.ip_family)
    error_message = "The family is ipv4 or ipv6."
  }
}
"""

CLUSTER_OUTPUTS = (
    "arn", "certificate_authority[0].data", "endpoint", "id", "identity[0].oidc[0].issuer", "platform_version", "status",
    "version", "vpc_config[0].cluster_security_group_id", "kubernetes_network_config[0].service_ipv4_cidr",
    "kubernetes_network_config[0].service_ipv6_cidr", "kubernetes_network_config[0].ip_family",
)
OUTPUTS = outputs(
    *(
        (f"cluster_{it.rpartition('.')[2].removeprefix('cluster_')}", f"The cluster's {it.rpartition('.')[2].replace('_', ' ')}",
         f"try(aws_eks_cluster.this[0].{it}, null)")
        for it in CLUSTER_OUTPUTS
    ),
    ("access_entries", "Who may enter", "aws_eks_access_entry.this"),
    ("access_policy_associations", "What they may do", "aws_eks_access_policy_association.this"),
    ("key_arn", "The key of secrets", "module.key.key_arn"),
    ("key_id", "Its id", "module.key.key_id"),
    ("key_policy", "Its policy", "module.key.key_policy"),
    ("security_group_arn", "The group of the cluster", "try(aws_security_group.cluster[0].arn, null)"),
    ("security_group_id", "Its id", "try(aws_security_group.cluster[0].id, null)"),
    ("node_security_group_arn", "The group of machines", "try(aws_security_group.node[0].arn, null)"),
    ("node_security_group_id", "Its id", "try(aws_security_group.node[0].id, null)"),
    ("oidc_provider", "The issuer without its scheme", 'try(replace(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, "https://", ""), null)'),
    ("oidc_provider_arn", "Who vouches for pods", "try(aws_iam_openid_connect_provider.this[0].arn, null)"),
    ("iam_role_name", "The role of the cluster", "try(aws_iam_role.this[0].name, null)"),
    ("iam_role_arn", "Its ARN", "try(aws_iam_role.this[0].arn, null)"),
    ("addons", "The addons", "merge(aws_eks_addon.this, aws_eks_addon.before_compute)"),
    ("identity_providers", "Who else vouches for users", "aws_eks_identity_provider_config.this"),
    ("log_group_name", "Where the control plane logs", "try(aws_cloudwatch_log_group.this[0].name, null)"),
    ("log_group_arn", "Its ARN", "try(aws_cloudwatch_log_group.this[0].arn, null)"),
    ("fargate_profiles", "The profiles", "module.fargate_profile"),
    ("managed_groups", "The managed groups", "module.managed_group"),
    ("managed_groups_autoscaling_group_names", "What scales of them", "compact(flatten([for it in module.managed_group : it.autoscaling_group_names]))"),
    ("self_managed_groups", "The self-managed groups", "module.self_managed_group"),
    ("self_managed_groups_autoscaling_group_names", "What scales of them", "compact(flatten([for it in module.self_managed_group : it.autoscaling_group_names]))"),
)
