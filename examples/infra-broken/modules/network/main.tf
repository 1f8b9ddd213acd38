variable "name" {
  description = "What everything is called"
  type        = string
}

resource "aws_security_group" "services" {
  name = "${var.name}-services"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  lifecycle {
    ignore_changes = [tags, ingress]
  }
}
