services = {
  catalog  = { digest = "sha256:652f55016243bf1b9f1bbea46d5749ef892dbe394e46de9d66ab1aacf0b4af57" }
  checkout = { digest = "sha256:c7761e58969f7edd498186641b2021e8477e1bcd230de4cf3435242da4a40d14", desired_count = 4 }
}

proxy_digest      = "sha256:1241936d4dd3aad68fe7bfbdfe854b935926bc678fc72377e15166078916227a"
receipts_digest   = "sha256:3619a1d05b1fe41a17aeede95dca3b2075c283281e17af896b2116f207ee3495"
storefront_digest = "sha256:032778fa5dae5c627d06fe72acdecfd97f95c0e1ac087e462c360a9d759712e9"
