stage
id=$(staged)
echo "the deployment $id is ready, and no domain leads to it"
