variable "login" {
  description = "Who the services are"
  type        = object({ username = string, password = string })
}

resource "aws_db_instance" "this" {
  identifier          = "shop"
  engine              = "postgres"
  instance_class      = "db.t4g.medium"
  allocated_storage   = 50
  username            = var.login.username
  password            = var.login.password
  deletion_protection = true
}
