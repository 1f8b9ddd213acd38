variable "region" {
  description = "Where everything runs"
  type        = string
  default     = "eu-central-1"
}

variable "services" {
  description = "The services, by their names: which release runs, and how often"
  type = map(object({
    digest        = string
    desired_count = optional(number, 2)
  }))
}

variable "proxy_digest" {
  description = "The proxy in front of each service"
  type        = string
}

variable "receipts_digest" {
  description = "The release of the worker that writes receipts"
  type        = string
}

variable "storefront_digest" {
  description = "The release of the storefront"
  type        = string
}
