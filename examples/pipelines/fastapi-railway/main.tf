# A FastAPI service on Railway: linted, tested against a real PostgreSQL, built once, and promoted from
# staging to production. Railway's tokens are secrets of the two environments.
resource "stanchion_pipeline" "api" {
  name = "API"

  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
    dispatch     = {}
  }

  jobs = {
    lint = {
      stage    = "lint"
      setup    = "python@3.12"
      run      = "pipx run ruff check . && pipx run ruff format --check ."
      expected = "1m"
    }
    test = {
      stage = "test"
      setup = "python@3.12"
      services = {
        db = {
          image  = "postgres:16@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
          ports  = ["5432:5432"]
          env    = { POSTGRES_HOST_AUTH_METHOD = "trust" }
          health = { command = "pg_isready" }
        }
      }
      env      = { DATABASE_URL = "postgresql://postgres@localhost/postgres" }
      run      = "pip install -r requirements.txt && pytest --cov --cov-report=xml"
      coverage = { command = "coverage report --format=total", floor = 80 }
      expected = "4m"
    }
  }

  images = {
    api = {
      repository = "ghcr.io/acme/api"
      max_size   = "200MB"
      expected   = "4m"
    }
  }

  environments = [
    { name = "staging", url = "https://api-staging.example.com" },
    { name = "production", url = "https://api.example.com", branches = ["main"] },
  ]

  deployments = {
    api = {
      image = "api"
      platform = {
        railway = { service = "5f0c6a1e-7a3d-4c53-9a55-2f4c1b7e9d10" }
      }
      migrate  = "pip install -r requirements.txt && alembic upgrade head"
      setup    = "python@3.12"
      env_from = { DATABASE_URL = "secrets.DATABASE_URL" }
      verify   = "curl --fail --silent --show-error --retry 10 --retry-all-errors \"$URL/health\""
    }
  }
}

output "required_check" {
  value = stanchion_pipeline.api.gate_check
}
