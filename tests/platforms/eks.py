"""Amazon EKS: AWS as moto answers, and the API of a cluster that takes the tokens that EKS takes.

Usage: eks.py KUBECONFIG NAME     makes a cluster of that name, prints the address of AWS, and serves until
its standard input ends. Whoever signed for that cluster is let through to the API server of the
kubeconfig, as whom the kubeconfig is for.
"""

import base64
import hmac
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import boto3
from moto.eks import models as eks
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION, ACCOUNT = "eu-west-1", "123456789012"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": REGION}
PREFIX = "k8s-aws-v1."
KUBECONFIG, NAME = Path(sys.argv[1]).read_text(), sys.argv[2]
SERVER = re.search(r'server: "([^"]+)"', KUBECONFIG)[1]
TOKEN = re.search(r"token: (\w+)", KUBECONFIG)[1]
ANYBODY = ssl._create_unverified_context()


def is_known(authorization: str) -> bool:
    """Whether the token is the address of a question to AWS who one is, signed by whom AWS knows, for this cluster."""
    text = authorization.removeprefix("Bearer ").removeprefix(PREFIX)
    asked = urlsplit(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode(errors="replace"))
    query = parse_qs(asked.query)
    if f"{asked.scheme}://{asked.netloc}" != AWS or query.get("Action") != ["GetCallerIdentity"]:
        return False
    return query["X-Amz-Signature"] == [signature(asked, query["X-Amz-Date"][0])]


def signature(asked: SplitResult, moment: str) -> str:
    """Signature Version 4 of a request in its query, with the cluster's name as a header:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    query = "&".join(it for it in sorted(asked.query.split("&")) if not it.startswith("X-Amz-Signature="))
    headers = f"host:{asked.netloc}\nx-k8s-aws-id:{NAME}\n"
    request = ["GET", asked.path or "/", query, headers, "host;x-k8s-aws-id", sha256(b"").hexdigest()]
    scope = [moment[:8], REGION, "sts", "aws4_request"]
    text = ["AWS4-HMAC-SHA256", moment, "/".join(scope), sha256("\n".join(request).encode()).hexdigest()]
    key = b"AWS4" + KEYS["aws_secret_access_key"].encode()
    for part in [*scope, "\n".join(text)]:
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


class Cluster(BaseHTTPRequestHandler):
    """The API of the cluster."""

    def answer(self) -> None:
        if not is_known(self.headers.get("authorization", "")):
            self.send_error(401)
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {key: self.headers[key] for key in ("accept", "content-type") if key in self.headers}
        request = urllib.request.Request(
            SERVER + self.path, data=body or None, method=self.command,
            headers=headers | {"authorization": f"Bearer {TOKEN}"},
        )
        try:
            answer = urllib.request.urlopen(request, context=ANYBODY)
        except urllib.error.HTTPError as error:
            answer = error
        self.send_response(answer.status)
        self.send_header("content-type", answer.headers["content-type"])
        self.end_headers()
        # Who watches gets what happens as it happens.
        while part := answer.read1():
            self.wfile.write(part)
            self.wfile.flush()

    do_GET = do_PATCH = answer

    def log_message(self, *_) -> None:
        pass


moto = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=moto.serve_forever, daemon=True).start()
AWS = f"http://127.0.0.1:{moto.server_port}"
with tempfile.TemporaryDirectory() as folder:
    key, certificate = Path(folder, "key"), Path(folder, "certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, stderr=subprocess.DEVNULL,
    )
    authority = base64.b64encode(certificate.read_bytes()).decode()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
api = ThreadingHTTPServer(("127.0.0.1", 0), Cluster)
api.socket = context.wrap_socket(api.socket, server_side=True)
threading.Thread(target=api.serve_forever, daemon=True).start()
client = boto3.client("eks", endpoint_url=AWS, **KEYS)
# The other one leads to the same place, where its tokens are not taken.
for name in [NAME, "other"]:
    network = {"subnetIds": ["subnet-a", "subnet-b"]}
    client.create_cluster(name=name, roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks", resourcesVpcConfig=network)
    made = eks.eks_backends[ACCOUNT][REGION].clusters[name]
    made.endpoint, made.certificate_authority = f"https://127.0.0.1:{api.server_port}", {"data": authority}
print(AWS, flush=True)
sys.stdin.read()
