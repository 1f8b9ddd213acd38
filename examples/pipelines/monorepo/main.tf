# One repository with three services, each with its own pipeline, of which a change starts only what it
# concerns; and yet each one's gate reports at every pull request, so that all three can be required.
locals {
  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
  }
  production = [{ name = "production", url = "https://example.com", branches = ["main"] }]
  digest     = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

resource "stanchion_pipeline" "api" {
  name         = "API"
  triggers     = local.triggers
  environments = local.production

  jobs = {
    test = {
      stage    = "test"
      paths    = ["services/api", "libraries/python"]
      setup    = "python@3.12"
      services = { db = { image = "postgres:16@${local.digest}", ports = ["5432:5432"] } }
      run      = "cd services/api && pip install -r requirements.txt && pytest"
      expected = "4m"
    }
  }
  images = {
    api = {
      repository = "ghcr.io/acme/api"
      context    = "services/api"
      paths      = ["services/api", "libraries/python"]
      expected   = "4m"
    }
  }
  deployments = {
    api = {
      image    = "api"
      paths    = ["services/api", "libraries/python"]
      platform = { railway = { service = "5f0c6a1e-7a3d-4c53-9a55-2f4c1b7e9d10" } }
      verify   = "curl --fail --silent --show-error \"$URL/api/health\""
    }
  }
}

resource "stanchion_pipeline" "web" {
  name         = "Web"
  triggers     = local.triggers
  environments = local.production

  jobs = {
    test = {
      stage    = "test"
      paths    = ["services/web"]
      setup    = "node@22"
      run      = "cd services/web && npm ci && npm test"
      expected = "4m"
    }
  }
  deployments = {
    web = {
      paths    = ["services/web"]
      platform = { vercel = { team = "team_acme", project = "prj_web" } }
      strategy = { blue_green = {} }
      verify   = "curl --fail --silent --show-error \"$URL\""
    }
  }
}

resource "stanchion_pipeline" "orders" {
  name         = "Orders"
  triggers     = local.triggers
  environments = local.production

  jobs = {
    test = {
      stage    = "test"
      paths    = ["services/orders"]
      setup    = "rust@1.95"
      run      = "cd services/orders && cargo test"
      expected = "6m"
    }
  }
  images = {
    orders = {
      repository = "ghcr.io/acme/orders"
      context    = "services/orders"
      max_size   = "100MB"
      paths      = ["services/orders"]
      expected   = "6m"
    }
  }
  oidc = {
    aws = { role = "arn:aws:iam::123456789012:role/orders-deploy", region = "eu-west-1" }
  }
  deployments = {
    orders = {
      image = "orders"
      paths = ["services/orders"]
      platform = {
        ecs = {
          cluster         = "shop"
          service         = "orders"
          standby_service = "orders-standby"
          listener_rule   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"
        }
      }
      strategy = { canary = { steps = [10, 50], analysis = "services/orders/ops/error-rate" } }
      verify   = "services/orders/ops/smoke \"$URL\""
    }
  }
}

output "required_checks" {
  value = [
    stanchion_pipeline.api.gate_check,
    stanchion_pipeline.web.gate_check,
    stanchion_pipeline.orders.gate_check,
  ]
}
