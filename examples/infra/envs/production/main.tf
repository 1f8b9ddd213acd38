terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.38"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  backend "s3" {
    bucket       = "shop-states"
    key          = "production"
    region       = "eu-central-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region
}

locals {
  name     = "shop-production"
  registry = "registry.example.com/shop"
}

module "database" {
  source = "../../modules/database"

  name                = local.name
  deletion_protection = true
}

module "service" {
  source   = "../../modules/service"
  for_each = var.services

  name          = "${local.name}-${each.key}"
  desired_count = each.value.desired_count
  proxy_image   = "${local.registry}/proxy@${var.proxy_digest}"
  image         = "${local.registry}/${each.key}@${each.value.digest}"
  secrets       = { DATABASE_LOGIN = module.database.login_arn }
}

module "receipts" {
  source = "../../modules/worker"

  name       = "${local.name}-receipts"
  image_uri  = "${local.registry}/receipts@${var.receipts_digest}"
  bucket_arn = aws_s3_bucket.receipts.arn
}

module "storefront" {
  source = "../../modules/web"

  name  = "storefront"
  image = "${local.registry}/storefront@${var.storefront_digest}"
}

resource "aws_s3_bucket" "receipts" {
  bucket = "${local.name}-receipts"
}
