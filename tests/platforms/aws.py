"""AWS as moto answers, with what moto lacks: tasks that take time to start, or never become healthy.

Prints its address, and serves until its standard input ends. `/-/scene` makes a cluster with services,
`/-/state` tells what there is: each service's image and tasks, the traffic's percents, and under
`outages` each moment at which traffic went to a service without a healthy task.
"""

import json
import sys
import threading

import boto3
from moto.ecs import models as ecs
from moto.elbv2 import models as elb
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

REGION, ACCOUNT = "eu-west-1", "123456789012"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": REGION}
SCENES: dict[str, "Scene"] = {}
# What a service had when it was last looked at, and how often it was since.
SEEN: dict[str, tuple[tuple, int]] = {}
READY: dict[str, int] = {}
STOOD: dict[str, str] = {}


class Scene:
    """A cluster whose services stand behind one rule of a load balancer."""

    def __init__(self, cluster: str, said: dict) -> None:
        self.cluster, self.names, self.outages = cluster, list(said["services"]), []
        client, balancers, network = (
            boto3.client(it, endpoint_url=ADDRESS, **KEYS) for it in ("ecs", "elbv2", "ec2")
        )
        client.create_cluster(clusterName=cluster)
        self.groups = {}
        if "weights" in said:
            vpc = network.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
            subnets = [
                network.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=REGION + zone)["Subnet"]
                for i, zone in enumerate("ab")
            ]
            balancer = balancers.create_load_balancer(Name=cluster, Subnets=[it["SubnetId"] for it in subnets])
            arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
            for name in self.names:
                made = balancers.create_target_group(
                    Name=f"{cluster}-{name}", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip"
                )
                self.groups[name] = made["TargetGroups"][0]["TargetGroupArn"]
            shares = [{"TargetGroupArn": self.groups[it], "Weight": said["weights"].get(it, 0)} for it in self.names]
            forward = {
                "Type": "forward",
                "ForwardConfig": {
                    "TargetGroups": shares,
                    "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
                },
            }
            listener = balancers.create_listener(
                LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=[forward]
            )["Listeners"][0]["ListenerArn"]
            self.rule = balancers.create_rule(
                ListenerArn=listener, Priority=1, Actions=[forward],
                Conditions=[{"Field": "path-pattern", "Values": ["/*"]}],
            )["Rules"][0]["RuleArn"]
        self.former = {}
        for name, it in said["services"].items():
            # The first revision is `former`; another image makes a second.
            revisions = [self.register(client, name, image) for image in [said["former"], it.get("image")] if image]
            self.former[name] = revisions[0]
            behind = [{"targetGroupArn": it, "containerName": "web", "containerPort": 80} for it in [self.groups.get(name)] if it]
            client.create_service(
                cluster=cluster, serviceName=name, taskDefinition=revisions[-1], desiredCount=it["tasks"],
                loadBalancers=behind,
            )
            key = f"{cluster}:{name}"
            SEEN[key] = ((revisions[-1], it["tasks"]), 9)
            READY[key] = it["tasks"] if "broken" not in (it.get("image") or "") else 0
            STOOD[key] = revisions[-1]

    def register(self, client, name: str, image: str) -> str:
        containers = [
            {"name": "web", "image": image, "memory": 64, "environment": [{"name": "A", "value": "é \"b\""}]},
            {"name": "side", "image": "side:1", "memory": 64, "essential": False},
        ]
        made = client.register_task_definition(
            family=f"{self.cluster}-{name}", containerDefinitions=containers, tags=[{"key": "team", "value": "shop"}]
        )
        return made["taskDefinition"]["taskDefinitionArn"]

    def weights(self) -> dict[str, int]:
        if not self.groups:
            return {}
        backend = elb.elbv2_backends[ACCOUNT][REGION]
        [rule] = backend.describe_rules(listener_arn=None, rule_arns=[self.rule])
        shares = rule.actions[-1].data["ForwardConfig"]["TargetGroups"]
        name_of = {arn: name for name, arn in self.groups.items()}
        return {name_of[it["TargetGroupArn"]]: int(it["Weight"]) for it in shares}

    def look(self, deed: str) -> None:
        for name, weight in self.weights().items():
            if weight and not READY[f"{self.cluster}:{name}"]:
                self.outages.append(f"{deed}: {weight} % to {name}, which has no healthy task")

    def state(self) -> dict:
        backend = ecs.ecs_backends[ACCOUNT][REGION]
        services = {}
        for name in self.names:
            it = backend.services[f"{self.cluster}:{name}"]
            services[name] = {
                "image": image_of(it.task_definition), "tasks": it.desired_count,
                "revision": int(it.task_definition.rsplit(":", 1)[1]),
                "sound": sound(backend.describe_task_definition(it.task_definition)),
            }
        return {"services": services, "weights": self.weights(), "outages": self.outages}


def image_of(definition: str) -> str:
    found = ecs.ecs_backends[ACCOUNT][REGION].describe_task_definition(definition)
    return found.container_definitions[0]["image"]


def sound(definition) -> bool:
    """Whether nothing but the image differs from what was there at first."""
    web, side = definition.container_definitions
    return (
        web["environment"] == [{"name": "A", "value": "é \"b\""}] and web["memory"] == 64
        and side["image"] == "side:1" and definition.tags == [{"key": "team", "value": "shop"}]
    )


def scheduled(backend, service) -> None:
    """Starts tasks: at the first look they are pending, at the second they run, unless they are broken."""
    key = f"{service.cluster_name}:{service.name}"
    wanted = (service.task_definition, service.desired_count)
    before, looks = SEEN.get(key, (None, 0))
    looks = looks + 1 if before == wanted else 1
    image = image_of(service.task_definition)
    broken = "broken" in image and service.desired_count > 0
    primary = service.deployments[0] | {
        "taskDefinition": service.task_definition, "desiredCount": service.desired_count, "status": "PRIMARY",
    }
    SEEN[key] = (wanted, looks)
    if "circuit" in image and looks > 2:
        failed = primary | {"status": "ACTIVE", "rolloutState": "FAILED", "runningCount": 0}
        service.task_definition = STOOD[key]
        primary |= {"taskDefinition": STOOD[key], "rolloutState": "IN_PROGRESS"}
        service.deployments = [primary, failed]
        service.events = [{"id": "1", "message": "(service) tasks failed to start."}]
    elif looks > 1 and not broken:
        primary |= {"rolloutState": "COMPLETED", "runningCount": service.desired_count}
        service.running_count = READY[key] = service.desired_count
        STOOD[key] = service.task_definition
        service.deployments = [primary]
    else:
        primary |= {"rolloutState": "IN_PROGRESS", "runningCount": 0}
        service.running_count = READY[key]
        service.deployments = [primary, primary | {"status": "ACTIVE", "taskDefinition": STOOD[key]}]
        service.events = [{"id": "1", "message": "(service) tasks failed container health checks."}]


def patched(owner, name, after) -> None:
    of_moto = getattr(owner, name)

    def call(self, *arguments, **named):
        made = of_moto(self, *arguments, **named)
        after(self, made)
        return made

    setattr(owner, name, call)


def updated(backend, service) -> None:
    key = f"{service.cluster_name}:{service.name}"
    if key not in READY:
        return
    READY[key] = min(READY[key], service.desired_count)
    SCENES[service.cluster_name].look("update-service")


def health(backend, group, _targets):
    for scene in list(SCENES.values()):
        for name, arn in scene.groups.items():
            if arn == group:
                count = READY[f"{scene.cluster}:{name}"]
                return [elb.FakeHealthStatus(f"10.0.0.{i}", "80", "80", "healthy") for i in range(count)]
    return []


def modified(backend, rule) -> None:
    for scene in list(SCENES.values()):
        if scene.groups and scene.rule == rule.arn:
            scene.look("modify-rule")


patched(ecs.EC2ContainerServiceBackend, "describe_services", lambda it, made: [scheduled(it, one) for one in made[0]])
patched(ecs.EC2ContainerServiceBackend, "update_service", updated)
patched(elb.ELBv2Backend, "modify_rule", modified)
elb.ELBv2Backend.describe_target_health = lambda self, target_group_arn, targets: health(
    self, target_group_arn, targets
)

MOTO = DomainDispatcherApplication(create_backend_app)
LOCK = threading.Lock()


@Request.application
def asked(request: Request) -> Response:
    try:
        cluster = request.args["cluster"]
        if request.path == "/-/scene":
            SCENES[cluster] = Scene(cluster, request.get_json())
            scene = SCENES[cluster]
            said = {"rule": getattr(scene, "rule", ""), "former": scene.former}
        else:
            said = SCENES[cluster].state()
        return Response(json.dumps(said), content_type="application/json")
    except Exception as error:
        return Response(f"{type(error).__name__}: {error}", status=500)


def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/-/"):
        return asked(environ, start_response)
    with LOCK:
        return MOTO(environ, start_response)


server = make_server("127.0.0.1", 0, application, threaded=True)
ADDRESS = f"http://127.0.0.1:{server.port}"
print(ADDRESS, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
