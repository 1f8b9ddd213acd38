"""The words that the corpora are made of, and how a text with places in it is filled and laid out."""

import random
import re

TEAMS = (
    "billing orders catalog search identity payments shipping returns reporting ledger pricing media loyalty "
    "support onboarding notifications fraud inventory analytics partners"
).split()
PARTS = (
    "api worker scheduler gateway importer exporter indexer webhook console relay mailer renderer archiver "
    "reconciler dispatcher proxy collector"
).split()
STORES = "uploads exports archive reports invoices snapshots assets backups statements receipts".split()
QUEUES = "events retries notifications jobs changes callbacks audits digests".split()
ACTIONS = {
    "s3": "GetObject PutObject DeleteObject ListBucket GetObjectTagging PutObjectTagging AbortMultipartUpload".split(),
    "sqs": "SendMessage ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility".split(),
    "dynamodb": "GetItem PutItem Query UpdateItem BatchGetItem ConditionCheckItem DescribeTable".split(),
    "kms": "Decrypt Encrypt GenerateDataKey DescribeKey".split(),
    "secretsmanager": "GetSecretValue DescribeSecret ListSecretVersionIds".split(),
    "logs": "CreateLogStream PutLogEvents DescribeLogStreams".split(),
    "ecr": "GetDownloadUrlForLayer BatchGetImage BatchCheckLayerAvailability".split(),
    "sns": "Publish GetTopicAttributes ListSubscriptionsByTopic".split(),
}
SENTENCES = (
    "The account of the shared services holds the zone.|"
    "Raised after the outage in spring: the default was reached within minutes.|"
    "Nothing else may write here; readers go through the export.|"
    "Kept until the last consumer has moved to the new queue.|"
    "Terraform replaces the whole group if the name changes, so it is a prefix.|"
    "The network team hands these ranges out.|"
    "One for each zone, so that a zone may fail.|"
    "Also read by the nightly job.|"
    "Costs more than the instance itself: off outside of production.|"
    "See the runbook before this is changed.|"
    "The order matters, as the first match decides.|"
    "Rotated by hand twice a year.|"
    "The agent needs it at start only.|"
    "Must be longer than the timeout of the load balancer.|"
    "Not in every region yet."
).split("|")


def fill(text: str, **words: object) -> str:
    """The text with each `@word@` replaced; a word that is missing is an error."""
    return re.sub(r"@(\w+)@", lambda it: str(words[it[1]]), text)


def annotated(random_: random.Random, text: str, chance: float) -> str:
    """The text with comments before some of what a blank line sets apart, and at its beginning."""
    out: list[str] = []
    ends = None
    for line in text.split("\n"):
        if not ends and line.strip() and not line.lstrip().startswith(("#", "}")) and not (out and out[-1].strip()):
            if random_.random() < chance:
                indent = line[: len(line) - len(line.lstrip())]
                out.extend(f"{indent}# {it}" for it in random_.sample(SENTENCES, random_.choice((1, 1, 2))))
        out.append(line)
        ends = heredoc_after(ends, line)
    return "\n".join(out)


def heredoc_after(ends: str | None, line: str) -> str | None:
    """The word that ends the heredoc that the next line stands in, if it stands in one."""
    if ends:
        return None if line.strip() == ends else ends
    found = re.search(r"<<-?(\w+)$", line)
    return found[1] if found else None


def laid_out(text: str) -> str:
    """The text as `terraform fmt` leaves it: the equals signs of neighbouring lines stand below each other."""
    out: list[str] = []
    # Lines of attributes, each with what goes on below it.
    group: list[tuple[str, str, str, list[str]]] = []
    ends = None

    def close() -> None:
        width = max((len(name) for _, name, _, _ in group), default=0)
        for indent, name, value, below in group:
            out.extend([f"{indent}{name.ljust(width)} = {value}", *below])
        group.clear()

    for line in text.split("\n"):
        inside, ends = ends, heredoc_after(ends, line)
        if inside:
            group[-1][3].append(line)
            continue
        found = re.match(r'^(\s*)([\w-]+|"[^"]*"|\([^()]*\)) += (.*)$', line)
        # What goes on in the next line is aligned with nothing, but for a heredoc.
        opens = line.endswith(("{", "[", "(", "?"))
        if not found or opens or (group and group[0][0] != found[1]):
            close()
        if found and opens:
            out.append(f"{found[1]}{found[2]} = {found[3]}")
        elif found:
            group.append((found[1], found[2], found[3], []))
        else:
            out.append(line)
    close()
    return "\n".join(out)
