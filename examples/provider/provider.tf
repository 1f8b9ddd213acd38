terraform {
  required_providers {
    stanchion = {
      source  = "stanchion/stanchion"
      version = "~> 0.1"
    }
  }
}

# Documents are written below the folder of the nearest `.git`, unless said otherwise here.
provider "stanchion" {}
