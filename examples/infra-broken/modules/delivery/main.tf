variable "actions" {
  description = "What the pipeline may do"
  type        = list(string)
}

variable "resources" {
  description = "What it may do that to"
  type        = list(string)
}

resource "aws_iam_policy" "delivery" {
  name = "delivery"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.actions
      Resource = var.resources
    }]
  })
}
