# A Next.js app on Vercel: what is deployed is judged at an address of its own, and then gets all of the
# traffic at once.
resource "stanchion_pipeline" "web" {
  name = "Web"

  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
  }

  jobs = {
    lint = {
      stage    = "lint"
      setup    = "node@22"
      run      = "npm ci && npm run lint"
      expected = "2m"
    }
    test = {
      stage    = "test"
      setup    = "node@22"
      run      = "npm ci && npm test"
      expected = "4m"
    }
    build = {
      stage    = "build"
      setup    = "node@22"
      needs    = ["lint"]
      run      = "npm ci && npm run build"
      expected = "4m"
    }
  }

  environments = [
    { name = "production", url = "https://www.example.com", branches = ["main"] },
  ]

  deployments = {
    web = {
      platform = {
        vercel = {
          team    = "team_acme"
          project = "prj_web"
        }
      }
      strategy = { blue_green = { analysis = "npx --yes playwright@1.56.1 test" } }
      setup    = "node@22"
      verify   = "curl --fail --silent --show-error \"$URL\" > index.html && grep --quiet Acme index.html"
    }
  }
}

output "required_check" {
  value = stanchion_pipeline.web.gate_check
}
