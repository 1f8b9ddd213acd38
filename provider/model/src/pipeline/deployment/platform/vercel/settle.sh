echo "there is nothing to settle: the former stays where it is, without a domain"
