"""What the machines of a cluster can be told: nested blocks of a launch template, by their names.

An attribute has a type; a list in the place of attributes is a nested block that may be repeated.
"""

TEXT, COUNT, FLAG = "string", "number", "bool"

REQUIREMENTS = {
    f"{name}": {"min": COUNT, "max": COUNT}
    for name in (
        "accelerator_count", "accelerator_total_memory_mib", "baseline_ebs_bandwidth_mbps", "memory_gib_per_vcpu",
        "memory_mib", "network_bandwidth_gbps", "network_interface_count", "total_local_storage_gb", "vcpu_count",
    )
} | {
    "accelerator_manufacturers": "list(string)",
    "accelerator_names": "list(string)",
    "accelerator_types": "list(string)",
    "allowed_instance_types": "list(string)",
    "bare_metal": TEXT,
    "burstable_performance": TEXT,
    "cpu_manufacturers": "list(string)",
    "excluded_instance_types": "list(string)",
    "instance_generations": "list(string)",
    "local_storage": TEXT,
    "local_storage_types": "list(string)",
    "on_demand_max_price_percentage_over_lowest_price": COUNT,
    "require_hibernate_support": FLAG,
    "spot_max_price_percentage_over_lowest_price": COUNT,
}

# Blocks of the launch template: at most one of each.
TEMPLATE = {
    "capacity_reservation_specification": {
        "capacity_reservation_preference": TEXT,
        "capacity_reservation_target": {"capacity_reservation_id": TEXT, "capacity_reservation_resource_group_arn": TEXT},
    },
    "cpu_options": {"amd_sev_snp": TEXT, "core_count": COUNT, "threads_per_core": COUNT},
    "credit_specification": {"cpu_credits": TEXT},
    "elastic_gpu_specifications": {"type": TEXT},
    "elastic_inference_accelerator": {"type": TEXT},
    "enclave_options": {"enabled": FLAG},
    "hibernation_options": {"configured": FLAG},
    "instance_market_options": {
        "market_type": TEXT,
        "spot_options": {
            "block_duration_minutes": COUNT, "instance_interruption_behavior": TEXT, "max_price": TEXT,
            "spot_instance_type": TEXT, "valid_until": TEXT,
        },
    },
    "instance_requirements": REQUIREMENTS,
    "license_specification": {"license_configuration_arn": TEXT},
    "maintenance_options": {"auto_recovery": TEXT},
    "metadata_options": {
        "http_endpoint": TEXT, "http_protocol_ipv6": TEXT, "http_put_response_hop_limit": COUNT, "http_tokens": TEXT,
        "instance_metadata_tags": TEXT,
    },
    "monitoring": {"enabled": FLAG},
    "placement": {
        "affinity": TEXT, "availability_zone": TEXT, "group_name": TEXT, "host_id": TEXT,
        "host_resource_group_arn": TEXT, "partition_number": COUNT, "spread_domain": TEXT, "tenancy": TEXT,
    },
    "private_dns_name_options": {
        "enable_resource_name_dns_aaaa_record": FLAG, "enable_resource_name_dns_a_record": FLAG, "hostname_type": TEXT,
    },
}

# Blocks of the launch template that may be repeated, by keys.
REPEATED = {
    "block_device_mappings": {
        "device_name": TEXT, "no_device": TEXT, "virtual_name": TEXT,
        "ebs": {
            "delete_on_termination": FLAG, "encrypted": FLAG, "iops": COUNT, "kms_key_id": TEXT, "snapshot_id": TEXT,
            "throughput": COUNT, "volume_size": COUNT, "volume_type": TEXT,
        },
    },
    "network_interfaces": {
        "associate_carrier_ip_address": FLAG, "associate_public_ip_address": FLAG, "delete_on_termination": FLAG,
        "description": TEXT, "device_index": COUNT, "interface_type": TEXT, "ipv4_address_count": COUNT,
        "ipv4_addresses": "list(string)", "ipv4_prefix_count": COUNT, "ipv6_address_count": COUNT,
        "ipv6_addresses": "list(string)", "network_card_index": COUNT, "network_interface_id": TEXT,
        "primary_ipv6": FLAG, "private_ip_address": TEXT, "security_groups": "list(string)", "subnet_id": TEXT,
    },
}

# Attributes of the launch template, and what they are by default.
PLAIN = {
    "ami_id": (TEXT, '""'), "disable_api_stop": (FLAG, "null"), "disable_api_termination": (FLAG, "null"),
    "ebs_optimized": (FLAG, "null"), "kernel_id": (TEXT, "null"), "key_name": (TEXT, "null"),
    "launch_template_description": (TEXT, "null"), "launch_template_default_version": (TEXT, "null"),
    "ram_disk_id": (TEXT, "null"), "update_launch_template_default_version": (FLAG, "true"),
    "vpc_security_group_ids": ("list(string)", "[]"),
}

# What a group of machines takes beside its template.
MANAGED = {
    "ami_release_version": (TEXT, "null"), "ami_type": (TEXT, '"AL2023_x86_64_STANDARD"'), "capacity_type": (TEXT, '"ON_DEMAND"'),
    "desired_size": (COUNT, "1"), "disk_size": (COUNT, "null"), "force_update_version": (FLAG, "null"),
    "instance_types": ("list(string)", "null"), "labels": ("map(string)", "{}"), "max_size": (COUNT, "3"),
    "min_size": (COUNT, "1"), "use_latest_ami_release_version": (FLAG, "true"),
}
SELF = {
    "availability_zones": ("list(string)", "null"), "capacity_rebalance": (FLAG, "null"), "context": (TEXT, "null"),
    "default_cooldown": (COUNT, "null"), "default_instance_warmup": (COUNT, "null"), "desired_size": (COUNT, "1"),
    "desired_size_type": (TEXT, "null"), "enabled_metrics": ("list(string)", "[]"), "force_delete": (FLAG, "null"),
    "force_delete_warm_pool": (FLAG, "null"), "health_check_grace_period": (COUNT, "null"), "health_check_type": (TEXT, "null"),
    "ignore_failed_scaling_activities": (FLAG, "null"), "instance_type": (TEXT, '"m6i.large"'),
    "load_balancers": ("list(string)", "[]"), "max_instance_lifetime": (COUNT, "null"), "max_size": (COUNT, "3"),
    "metrics_granularity": (TEXT, "null"), "min_elb_capacity": (COUNT, "null"), "min_size": (COUNT, "0"),
    "placement_group": (TEXT, "null"), "protect_from_scale_in": (FLAG, "false"), "service_linked_role_arn": (TEXT, "null"),
    "suspended_processes": ("list(string)", "[]"), "target_group_arns": ("list(string)", "[]"),
    "termination_policies": ("list(string)", "[]"), "wait_for_capacity_timeout": (TEXT, "null"),
    "wait_for_elb_capacity": (COUNT, "null"),
}
