variable "name" {
  description = "What everything is called"
  type        = string
}

variable "deletion_protection" {
  description = "Whether the database stays until somebody says otherwise"
  type        = bool
  default     = true
}

resource "random_password" "app" {
  length  = 40
  special = false
}

resource "aws_db_instance" "this" {
  identifier          = var.name
  engine              = "postgres"
  instance_class      = "db.t4g.medium"
  allocated_storage   = 50
  storage_encrypted   = true
  username            = "app"
  password            = random_password.app.result
  deletion_protection = var.deletion_protection
}

resource "aws_secretsmanager_secret" "login" {
  name = "${var.name}-database"
}

resource "aws_secretsmanager_secret_version" "login" {
  secret_id = aws_secretsmanager_secret.login.id

  secret_string = jsonencode({
    host     = aws_db_instance.this.address
    username = aws_db_instance.this.username
    password = random_password.app.result
  })
}

output "login_arn" {
  description = "Where the services read the database's address and password"
  value       = aws_secretsmanager_secret.login.arn
}
