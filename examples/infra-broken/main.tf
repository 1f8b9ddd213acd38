terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

locals {
  registry = "registry.example.com/shop"
}

module "network" {
  source = "./modules/network"

  name = "shop"
}

module "service" {
  source   = "./modules/service"
  for_each = toset(["catalog", "checkout"])

  name = each.key
  # stanchion:allow image-floating-tag: the catalogue's tags moved once
  image       = "${local.registry}/${each.key}:1.4.2"
  proxy_image = "${local.registry}/proxy:${var.proxy_tag}"
}

module "database" {
  source = "./modules/database"

  login = {
    username = "app"
    password = var.database_password
  }
}

module "delivery" {
  source = "./modules/delivery"

  actions   = var.delivery_may
  resources = ["*"]
}

module "archive" {
  source = "./modules/archive"

  keep_days = var.keep_days
}
