variable "release" {
  description = "The release that runs, by its digest"
  type        = string
  default     = "sha256:9b2a8c0e1f4d7a6b5c3e2d1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b"
}

resource "aws_ecs_task_definition" "service" {
  family = "service"

  container_definitions = jsonencode([
    {
      name  = "web"
      image = "registry.example.com/shop/web@${var.release}"
    },
    {
      name  = "proxy"
      image = "registry.example.com/shop/proxy:1.27.3"
    },
  ])
}
