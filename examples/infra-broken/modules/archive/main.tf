variable "keep_days" {
  description = "How long receipts are kept"
  type        = number

  validation {
    condition     = var.keep_days >= 3650
    error_message = "Receipts are kept for ten years."
  }
}

resource "aws_s3_bucket" "receipts" {
  bucket = "shop-receipts"
}

resource "aws_s3_bucket_lifecycle_configuration" "receipts" {
  bucket = aws_s3_bucket.receipts.id

  rule {
    id     = "expire"
    status = "Enabled"

    expiration {
      days = var.keep_days
    }
  }
}
