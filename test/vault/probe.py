"""Tries, as each identity of a vault, what it may and may not do, with real calls; prints what came of each as JSON. Reads where and who from standard input."""

import datetime
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

vault = json.load(sys.stdin)
with open("/tmp/ca.crt", "w") as file:
    file.write(vault["authority"])


def client(identity):
    return boto3.client(
        "s3",
        endpoint_url=vault["endpoint"],
        region_name="us-east-1",
        verify="/tmp/ca.crt",
        aws_access_key_id=identity["accessKey"],
        aws_secret_access_key=identity["secretKey"],
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
    )


writer, restore = client(vault["writer"]), client(vault["restore"])
came = {}


def attempt(what, call, **arguments):
    try:
        answer = call(**arguments)
    except ClientError as error:
        came[what] = error.response["Error"]["Code"]
        return None
    # A multi-object delete answers 200 and says what it refused.
    came[what] = answer["Errors"][0]["Code"] if answer.get("Errors") else "allowed"
    return answer


for kind, bucket in vault["buckets"].items():
    one = {"Bucket": bucket, "Key": "probe/one"}
    first = writer.put_object(**one, Body=b"first")["VersionId"]
    writer.put_object(**one, Body=b"second")
    old = {**one, "VersionId": first}
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=5)
    weaker = {"Mode": "GOVERNANCE", "RetainUntilDate": soon}
    shorter = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}
    open_policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*"}]}

    attempt(f"{kind}: writer reads", writer.get_object, **one)
    attempt(f"{kind}: writer lists", writer.list_objects_v2, Bucket=bucket)
    attempt(f"{kind}: writer reads an older version", writer.get_object, **old)
    attempt(f"{kind}: writer deletes a version", writer.delete_object, **old)
    attempt(f"{kind}: writer deletes a version, bypassing the lock", writer.delete_object, **old, BypassGovernanceRetention=True)
    several = {"Objects": [{"Key": one["Key"], "VersionId": first}]}
    attempt(f"{kind}: writer deletes versions", writer.delete_objects, Bucket=bucket, Delete=several, BypassGovernanceRetention=True)
    attempt(f"{kind}: writer shortens a lock", writer.put_object_retention, **old, Retention=weaker, BypassGovernanceRetention=True)
    attempt(f"{kind}: writer adds with a lock of its own", writer.put_object, **one, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=soon)
    attempt(f"{kind}: writer lifts a hold", writer.put_object_legal_hold, **one, LegalHold={"Status": "OFF"})
    attempt(f"{kind}: writer shortens the bucket's lock", writer.put_object_lock_configuration, Bucket=bucket, ObjectLockConfiguration=shorter)
    attempt(f"{kind}: writer stops versioning", writer.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    attempt(f"{kind}: writer changes the policy", writer.put_bucket_policy, Bucket=bucket, Policy=json.dumps(open_policy))
    attempt(f"{kind}: writer deletes the policy", writer.delete_bucket_policy, Bucket=bucket)
    attempt(f"{kind}: writer opens the bucket", writer.put_bucket_acl, Bucket=bucket, ACL="public-read")
    attempt(f"{kind}: writer deletes the bucket", writer.delete_bucket, Bucket=bucket)
    attempt(f"{kind}: writer hides", writer.delete_object, **one)
    versions = restore.list_object_versions(Bucket=bucket, Prefix=one["Key"])
    marker = versions["DeleteMarkers"][0]["VersionId"]
    attempt(f"{kind}: writer deletes the marker", writer.delete_object, **one, VersionId=marker)
    attempt(f"{kind}: restore reads what was hidden", restore.get_object, **old)
    attempt(f"{kind}: restore adds", restore.put_object, **one, Body=b"")
    attempt(f"{kind}: restore hides", restore.delete_object, **one)
    attempt(f"{kind}: restore deletes a version", restore.delete_object, **old)
attempt("writer makes a bucket", writer.create_bucket, Bucket="a-bucket-of-its-own")
print(json.dumps(came))
