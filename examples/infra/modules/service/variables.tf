variable "name" {
  description = "What everything is called"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,31}$", var.name))
    error_message = "A name has 3 to 32 lower-case letters, digits and dashes."
  }
}

variable "image" {
  description = "The service's image"
  type        = string
}

variable "proxy_image" {
  description = "The image of the proxy beside it"
  type        = string
}

variable "desired_count" {
  description = "How often it runs at first"
  type        = number
  default     = 1
}

variable "secrets" {
  description = "Secrets by the names of the environment variables that they come in"
  type        = map(string)
  default     = {}
}
