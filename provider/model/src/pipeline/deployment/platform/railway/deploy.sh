set_image "$IMAGE"
id=$(ask 'mutation ($service: String!, $environment: String!) {
  serviceInstanceDeployV2(serviceId: $service, environmentId: $environment)
}' '{}' | jq -r .serviceInstanceDeployV2)
echo "the deployment $id gets $IMAGE"
wait_for "$id"
