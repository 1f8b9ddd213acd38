output "parts" {
  value = provider::stanchion::parse_image_ref("registry.example.com/team/app:1.2")
}
