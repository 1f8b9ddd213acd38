output "bytes" {
  value = {
    decimal = provider::stanchion::parse_size("300MB")
    binary  = provider::stanchion::parse_size("300MiB")
  }
}
