output "seconds" {
  value = provider::stanchion::parse_duration("1h30m")
}
