variable "name" {
  description = "The deployment's name"
  type        = string
}

variable "image" {
  description = "The image that serves the pages"
  type        = string
}

variable "replicas" {
  description = "How many serve"
  type        = number
  default     = 3
}

locals {
  labels = { app = var.name }
}

resource "kubernetes_deployment_v1" "this" {
  metadata {
    name   = var.name
    labels = local.labels
  }

  spec {
    replicas = var.replicas

    selector {
      match_labels = local.labels
    }

    template {
      metadata {
        labels = local.labels
      }

      spec {
        container {
          name  = "web"
          image = var.image

          resources {
            limits = {
              cpu    = "500m"
              memory = "256Mi"
            }
          }
        }
      }
    }
  }
}
