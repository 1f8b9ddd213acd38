variable "name" {
  description = "What everything is called"
  type        = string
}

variable "image" {
  description = "The service's image"
  type        = string
}

variable "proxy_image" {
  description = "The image of the proxy beside it"
  type        = string
}

resource "aws_ecs_task_definition" "this" {
  family = var.name

  container_definitions = jsonencode([
    { name = "app", image = var.image },
    { name = "proxy", image = var.proxy_image },
  ])
}
