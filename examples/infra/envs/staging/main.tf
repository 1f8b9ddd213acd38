terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  backend "s3" {
    bucket       = "shop-states"
    key          = "staging"
    region       = "eu-central-1"
    use_lockfile = true
  }
}

variable "catalog_release" {
  description = "The release that is tried, which the pipeline gives"
  type        = string
}

module "catalog" {
  source = "../../modules/service"

  name        = "shop-staging-catalog"
  image       = "registry.example.com/shop/catalog:${var.catalog_release}"
  proxy_image = "registry.example.com/shop/proxy:1.27.3"
}
