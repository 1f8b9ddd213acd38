"""A stack of which the text stays the same while the number of its instances grows."""

from words import laid_out

MAIN = """\
variable "racks" {
  description = "How many racks of ten hosts there are."
  type        = number
}

locals {
  numbers = flatten([for rack in range(var.racks) : [for at in range(10) : rack * 10 + at]])
  hosts = {
    for at in local.numbers : format("host-%05d", at) => {
      zone = element(["a", "b", "c"], at)
      size = at % 10 == 0 ? "large" : "small"
      disk = 20 + at % 5 * 10
    }
  }
}

resource "aws_instance" "host" {
  for_each          = local.hosts
  ami               = "ami-0123456789abcdef0"
  instance_type     = "t3.${each.value.size}"
  availability_zone = "eu-central-1${each.value.zone}"
  tags              = { Name = each.key, size = each.value.size }

  root_block_device {
    volume_size = each.value.disk
    encrypted   = true
  }

  lifecycle {
    precondition {
      condition     = each.value.disk >= 20
      error_message = "A disk has 20 GB at least."
    }
  }
}

resource "aws_iam_role_policy" "host" {
  for_each = local.hosts
  name     = each.key
  role     = "host"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ssm:GetParameter"]
      Resource = "arn:aws:ssm:*:*:parameter/hosts/${each.key}/*"
    }]
  })
}

resource "aws_route53_record" "host" {
  count   = length(local.numbers)
  zone_id = "Z0123456789"
  name    = "host-${count.index}"
  type    = "A"
  ttl     = 300
  records = [aws_instance.host[format("host-%05d", count.index)].private_ip]
}
"""


def files(instances: int) -> dict[str, str]:
    """So many instances, rounded down to a multiple of thirty; at most as many as `range` allows."""
    return {"main.tf": laid_out(MAIN), "terraform.tfvars": f"racks = {instances // 30:04d}\n"}
