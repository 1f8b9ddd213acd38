variable "proxy_tag" {
  description = "The release of the proxy"
  type        = string
  default     = "latest"
}

locals {
  registry = "registry.example.com/shop"
}

resource "aws_ecs_task_definition" "service" {
  family = "service"

  container_definitions = jsonencode([
    {
      name  = "web"
      image = "${local.registry}/web"
    },
    {
      name  = "proxy"
      image = "${local.registry}/proxy:${var.proxy_tag}"
    },
  ])
}
