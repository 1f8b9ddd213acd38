variable "proxy_tag" {
  description = "The release of the proxy in front of each service"
  type        = string
  default     = "latest"
}

variable "database_password" {
  description = "The password of the services"
  type        = string
  default     = "correct-horse"
}

variable "delivery_may" {
  description = "What the pipeline may do"
  type        = list(string)
  default     = ["*"]
}

variable "keep_days" {
  description = "How long receipts are kept"
  type        = number
  default     = 30
}
