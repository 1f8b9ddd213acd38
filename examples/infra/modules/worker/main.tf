variable "name" {
  description = "What everything is called"
  type        = string
}

variable "image_uri" {
  description = "The function's image"
  type        = string
}

variable "bucket_arn" {
  description = "The bucket that it writes to"
  type        = string
}

data "aws_iam_policy_document" "lambda_may" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.lambda_may.json
}

resource "aws_iam_policy" "writes" {
  name = "${var.name}-writes"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "WriteReceipts"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${var.bucket_arn}/receipts/*"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "writes" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.writes.arn
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  package_type  = "Image"
  image_uri     = var.image_uri
  role          = aws_iam_role.this.arn
}
