"""Examples of the large module: clusters of several kinds, each with a network and groups of machines."""

from words import fill

# The examples by their names: what is said of the cluster, its groups of each kind, profiles, and other modules.
EXAMPLES = {
    "managed-groups": ("", 3, 0, 0, ""),
    "self-managed-groups": ("", 0, 3, 0, ""),
    "fargate": ("", 0, 0, 3, ""),
    "auto": ('  compute_config = { enabled = true, node_pools = ["general-purpose"] }', 0, 0, 0, ""),
    "outposts": (
        '  outpost_config = { control_plane_instance_type = "m6i.large", outpost_arns = ["arn:aws:outposts:::outpost/op-0"] }',
        0, 0, 0, "",
    ),
    "node-pools": ("", 1, 0, 1, "pools"),
    "hybrid": ('  remote_network_config = { remote_node_networks = { cidrs = ["192.0.2.0/24"] } }', 1, 0, 0, "hybrid"),
    "ipv6": ('  ip_family              = "ipv6"\n  create_cni_ipv6_policy = true', 1, 1, 0, ""),
    "many-groups": ("", 4, 3, 1, ""),
    "windows": ('  authentication_mode = "API"', 2, 1, 0, ""),
    "private": ("  create_log_group = false", 2, 0, 1, "pools"),
    "encrypted": (
        '  key_administrators = ["arn:aws:iam::123456789012:role/security"]\n  key_aliases        = ["secrets"]',
        1, 1, 0, "",
    ),
}
PLATFORMS = ("al2023", "bottlerocket", "al2", "windows")


def examples() -> dict[str, str]:
    """The files of all examples."""
    made = {}
    for name, (said, managed, own, profiles, more) in EXAMPLES.items():
        folder = f"examples/{name}"
        made[f"{folder}/main.tf"] = fill(
            MAIN, name=name, said=said, more=MORE.get(more, ""),
            managed=indented("".join(managed_group(at, name) for at in range(managed))),
            own=indented("".join(self_managed_group(at, name) for at in range(own))),
            profiles=indented("".join(profile(at) for at in range(profiles))),
        )
        made[f"{folder}/network.tf"] = NETWORK
        made[f"{folder}/variables.tf"] = VARIABLES
        made[f"{folder}/outputs.tf"] = OUTPUTS
    return made


def managed_group(at: int, name: str) -> str:
    return fill(
        MANAGED, name=f"{name.replace('-', '_')}_{at}", platform=PLATFORMS[at % 4] if name in ("windows", "many-groups") else "al2023",
        size=("large", "xlarge", "2xlarge")[at % 3], spot='"SPOT"' if at % 2 else '"ON_DEMAND"', most=3 + at, disk=50 + 25 * at,
    )


def self_managed_group(at: int, name: str) -> str:
    return fill(
        OWN, name=f"{name.replace('-', '_')}_own_{at}", platform="windows" if name == "windows" else PLATFORMS[at % 3],
        size=("large", "xlarge", "2xlarge")[at % 3], most=2 + at, base=at % 3,
    )


def profile(at: int) -> str:
    return fill(PROFILE, name=f"profile_{at}", namespace=("default", "kube-system", "monitoring")[at % 3])


def indented(text: str) -> str:
    return "\n".join("    " + it if it else it for it in text.split("\n")).rstrip()


MAIN = """\
provider "aws" {
  region = local.region
}

data "aws_availability_zones" "available" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  name               = "example-@name@"
  kubernetes_version = "1.33"
  region             = "eu-west-1"

  vpc_cidr = "10.0.0.0/16"
  zones    = slice(data.aws_availability_zones.available.names, 0, 3)

  tags = {
    Example = local.name
    Stage   = var.stage
  }
}

module "cluster" {
  source = "../.."

  name               = local.name
  kubernetes_version = local.kubernetes_version

  endpoint_public_access           = true
  enable_creator_admin_permissions = var.administrator
@said@

  addons = {
    coredns = {
      most_recent = true
      configuration_values = jsonencode({
        tolerations = [{ key = "CriticalAddonsOnly", operator = "Exists" }]
        resources = {
          limits   = { cpu = "0.25", memory = "256M" }
          requests = { cpu = "0.25", memory = "256M" }
        }
      })
    }
    kube-proxy = {}
    vpc-cni = {
      before_compute = true
      configuration_values = jsonencode({
        env = {
          ENABLE_PREFIX_DELEGATION = "true"
          WARM_PREFIX_TARGET       = "1"
        }
      })
    }
    eks-pod-identity-agent = { before_compute = true }
    snapshot-controller    = { most_recent = var.stage != "production" }
  }

  vpc_id                   = aws_vpc.this.id
  subnet_ids               = [for it in aws_subnet.private : it.id]
  control_plane_subnet_ids = [for it in aws_subnet.intra : it.id]

  managed_group_defaults = {
    ami_type       = "AL2023_x86_64_STANDARD"
    instance_types = ["m6i.large", "m5.large", "m5n.large"]

    metadata_options = {
      http_endpoint               = "enabled"
      http_tokens                 = "required"
      http_put_response_hop_limit = 1
    }

    iam_role_additional_policies = {
      sessions = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    }
  }

  managed_groups = {
@managed@
  }

  self_managed_group_defaults = {
    enabled_metrics = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize"]

    block_device_mappings = {
      root = {
        device_name = "/dev/xvda"
        ebs         = { volume_size = 40, volume_type = "gp3", encrypted = true, delete_on_termination = true }
      }
    }
  }

  self_managed_groups = {
@own@
  }

  fargate_profiles = {
@profiles@
  }

  access_entries = {
    developers = {
      principal_arn = aws_iam_role.developers.arn

      policy_associations = {
        view = {
          policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
          access_scope = { type = "namespace", namespaces = ["default", "applications"] }
        }
        edit = {
          policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"
          access_scope = { type = "namespace", namespaces = var.namespaces }
        }
      }
    }
    operators = {
      kubernetes_groups = ["operators"]
      principal_arn     = aws_iam_role.operators.arn

      policy_associations = {
        admin = {
          policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"
          access_scope = { type = "cluster" }
        }
      }
    }
  }

  security_group_additional_rules = {
    ingress_runners = {
      description = "Runners of the pipeline"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      type        = "ingress"
      cidr_blocks = var.runners
    }
  }

  node_security_group_additional_rules = {
    ingress_metrics = {
      description = "Metrics of all machines"
      protocol    = "tcp"
      from_port   = 9100
      to_port     = 9100
      type        = "ingress"
      self        = true
    }
    ingress_balancer = {
      description = "The load balancer to services"
      protocol    = "tcp"
      from_port   = 30000
      to_port     = 32767
      type        = "ingress"
      cidr_blocks = [local.vpc_cidr]
    }
  }

  node_security_group_tags = { "pools.example.com/discovery" = local.name }

  tags = local.tags
}

module "disabled_cluster" {
  source = "../.."

  create = false
}

@more@
resource "aws_iam_role" "developers" {
  name_prefix = "${local.name}-developers-"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
  })

  tags = local.tags
}

resource "aws_iam_role" "operators" {
  name_prefix        = "${local.name}-operators-"
  assume_role_policy = data.aws_iam_policy_document.operators.json
  tags               = local.tags
}

data "aws_iam_policy_document" "operators" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

data "aws_caller_identity" "current" {}

resource "aws_iam_policy" "machines" {
  name_prefix = "${local.name}-machines-"
  description = "What all machines of the example may do besides"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Describe"
        Effect   = "Allow"
        Action   = ["ec2:Describe*"]
        Resource = "*"
      },
      {
        Sid      = "Parameters"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:GetParameters"]
        Resource = "arn:aws:ssm:${local.region}:*:parameter/${local.name}/*"
      },
    ]
  })

  tags = local.tags
}

resource "aws_security_group" "remote" {
  name_prefix = "${local.name}-remote-"
  description = "Administrators to machines"
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "SSH from within"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  tags = merge(local.tags, { Name = "${local.name}-remote" })
}
"""

MANAGED = """\
@name@ = {
  platform       = "@platform@"
  instance_types = ["m6i.@size@", "m6a.@size@"]
  capacity_type  = @spot@
  min_size       = 1
  max_size       = @most@
  desired_size   = 1

  pre_bootstrap_user_data = <<-EOT
    echo "the machines of @name@"
    sysctl -w vm.max_map_count=262144
  EOT

  block_device_mappings = {
    xvda = {
      device_name = "/dev/xvda"
      ebs = {
        volume_size           = @disk@
        volume_type           = "gp3"
        iops                  = 3000
        throughput            = 150
        encrypted             = true
        delete_on_termination = true
      }
    }
  }

  labels = {
    stage = var.stage
    group = "@name@"
  }

  taints = {
    dedicated = { key = "dedicated", value = "@name@", effect = "NO_SCHEDULE" }
  }

  update_config = { max_unavailable_percentage = 33 }

  iam_role_additional_policies = { machines = aws_iam_policy.machines.arn }

  schedules = {
    up   = { min_size = 1, max_size = @most@, desired_capacity = 2, recurrence = "0 6 * * 1-5", time_zone = "Etc/GMT+0" }
    down = { min_size = 0, max_size = @most@, desired_capacity = 0, recurrence = "0 20 * * 1-5", time_zone = "Etc/GMT+0" }
  }

  tags = { Group = "@name@" }
}

"""

OWN = """\
@name@ = {
  platform      = "@platform@"
  instance_type = "m6i.@size@"
  min_size      = @base@
  max_size      = @most@

  bootstrap_extra_args     = "--kubelet-extra-args '--node-labels=group=@name@'"
  post_bootstrap_user_data = <<-EOT
    cd /tmp
    systemctl enable --now amazon-ssm-agent
  EOT

  instance_market_options = {
    market_type  = "spot"
    spot_options = { max_price = "0.2" }
  }

  cpu_options = { core_count = 2, threads_per_core = 1 }

  network_interfaces = {
    first = {
      delete_on_termination = true
      device_index          = 0
      security_groups       = [aws_security_group.remote.id]
    }
  }

  iam_role_policy_statements = [
    {
      sid       = "Objects"
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::${local.name}-*/*"]
    },
  ]

  tags = merge(local.tags, { Group = "@name@" })
}

"""

PROFILE = """\
@name@ = {
  selectors = [
    { namespace = "@namespace@" },
    { namespace = "applications", labels = { profile = "@name@" } },
  ]

  timeouts = { create = "20m", delete = "20m" }
}

"""

MORE = {
    "pools": """\
module "pools" {
  source = "../../modules/node-pools"

  cluster_name         = module.cluster.cluster_id
  oidc_provider_arn    = module.cluster.oidc_provider_arn
  node_iam_role_name   = local.name
  iam_role_policies    = { machines = aws_iam_policy.machines.arn }
  service_accounts     = ["kube-system:pools", "pools:controller"]
  node_iam_role_tags   = { Pools = "true" }
  queue_name           = "${local.name}-interruptions"

  node_iam_role_additional_policies = {
    sessions = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
  }

  tags = local.tags
}

module "pools_disabled" {
  source = "../../modules/node-pools"

  create = false
}
""",
    "hybrid": """\
module "hybrid_role" {
  source = "../../modules/hybrid-role"

  name         = "${local.name}-hybrid"
  cluster_arns = [module.cluster.cluster_arn]
  policies     = { machines = aws_iam_policy.machines.arn }
  tags         = local.tags
}

module "hybrid_role_by_certificate" {
  source = "../../modules/hybrid-role"

  name                = "${local.name}-certificates"
  enable_certificates = true
  trust_anchor_arns   = ["arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/one"]
  tags                = local.tags
}
""",
}

NETWORK = """\
resource "aws_vpc" "this" {
  cidr_block           = local.vpc_cidr
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = local.name })
}

resource "aws_subnet" "private" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(local.vpc_cidr, 4, count.index)
  tags              = merge(local.tags, { "kubernetes.io/role/internal-elb" = 1 })
}

resource "aws_subnet" "public" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(local.vpc_cidr, 8, count.index + 48)
  tags              = merge(local.tags, { "kubernetes.io/role/elb" = 1 })
}

resource "aws_subnet" "intra" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(local.vpc_cidr, 8, count.index + 52)
  tags              = local.tags
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = local.tags
}

resource "aws_eip" "nat" {
  domain = "vpc"
  tags   = local.tags
}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public[0].id
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.this.id
  }

  tags = local.tags
}

resource "aws_route_table_association" "private" {
  count          = length(aws_subnet.private)
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}
"""

VARIABLES = """\
variable "stage" {
  description = "What the cluster is for"
  type        = string
  default     = "test"
}

variable "administrator" {
  description = "Whether whoever makes the cluster may do everything"
  type        = bool
  default     = true
}

variable "namespaces" {
  description = "Where developers may change something"
  type        = list(string)
  default     = ["applications", "previews"]
}

variable "runners" {
  description = "Where the pipeline runs"
  type        = list(string)
  default     = ["198.51.100.0/24"]
}
"""

OUTPUTS = "\n".join(
    f'output "{name}" {{\n  description = "Passed on from the cluster"\n  value = module.cluster.{name}\n}}\n'
    for name in (
        "cluster_arn", "cluster_endpoint", "cluster_id", "cluster_version", "cluster_status", "cluster_data", "cluster_issuer",
        "cluster_platform_version", "access_entries", "addons", "key_arn", "key_id", "security_group_id", "security_group_arn",
        "node_security_group_id", "node_security_group_arn", "oidc_provider", "oidc_provider_arn", "iam_role_name",
        "iam_role_arn", "identity_providers", "log_group_name", "log_group_arn", "fargate_profiles", "managed_groups",
        "managed_groups_autoscaling_group_names", "self_managed_groups", "self_managed_groups_autoscaling_group_names",
    )
)
