# A Rust service on Amazon ECS: a canary gets 10 and then 50 percent of the traffic, and goes back by
# itself where its errors rise. GitHub proves to AWS who it is; nobody keeps a key.
resource "stanchion_pipeline" "orders" {
  name = "Orders"

  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
    merge_group  = true
    dispatch     = {}
  }

  jobs = {
    lint = {
      stage    = "lint"
      setup    = "rust@1.95"
      run      = "cargo fmt --check && cargo clippy --all-targets -- --deny warnings"
      expected = "2m"
    }
    test = {
      stage    = "test"
      setup    = "rust@1.95"
      matrix   = { features = ["default", "tls"] }
      env_from = { FEATURES = "matrix.features" }
      run      = "cargo test --features \"$FEATURES\""
      expected = "5m"
    }
  }

  images = {
    orders = {
      repository = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
      role       = "arn:aws:iam::123456789012:role/orders-push"
      max_size   = "100MB"
      expected   = "6m"
    }
  }

  oidc = {
    aws = {
      role   = "arn:aws:iam::123456789012:role/orders-deploy-{environment}"
      region = "eu-west-1"
    }
  }

  environments = [
    { name = "staging", url = "https://orders.staging.example.com" },
    {
      name                 = "production"
      url                  = "https://orders.example.com"
      branches             = ["main"]
      rollback_environment = "production-rollback"
    },
  ]

  deploy_timeout = "45m"
  deployments = {
    orders = {
      image = "orders"
      platform = {
        ecs = {
          cluster         = "shop-{environment}"
          service         = "orders"
          standby_service = "orders-standby"
          listener_rule   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/shop-{environment}/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"
        }
      }
      strategy = {
        canary = {
          steps    = [10, 50]
          wait     = "5m"
          analysis = "./ops/error-rate --service orders --at-most 0.1% --weight \"$WEIGHT\""
        }
      }
      migrate = "./ops/migrate \"$ENVIRONMENT\""
      verify  = "./ops/smoke \"$URL\""
    }
  }
}

output "required_check" {
  value = stanchion_pipeline.orders.gate_check
}
