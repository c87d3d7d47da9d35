#!/usr/bin/env python3
"""Files a change of listed items (掲載事項変更届出書, form 2-11): dry run, draft, submission, receipt, state.

    ISMAP_LIU_TOKEN=… file_a_change.py BASE SERVICE CHANGES REASON RECEIPT [SECONDS]

CHANGES is a JSON file, {"url": "https://…"}; REASON says why, in Japanese; the signed receipt goes to the file RECEIPT;
SECONDS is how long to wait for the decision (default 0: not at all). Needs nothing but Python 3.
Exit 0: filed (and accepted, where it waited); 1: refused or returned; 2: not decided yet.
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid

ATTEMPTS = 6
LOST = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Refused(Exception):
    """An answer of 400 or more that no repetition mends: a problem document (RFC 9457)."""

    def __init__(self, problem):
        lines = [f"{problem['status']} {problem['title']}"]
        for reason in problem["errors"]:
            lines.append(f"{reason['pointer']} {reason['article'] or ''} {reason['detail']['ja']}")
        super().__init__("\n".join(lines))
        self.status = problem["status"]


class Register:
    def __init__(self, base, token):
        self.base = base
        self.token = token

    def once(self, method, path, body=None, key=None):
        """One request: (status, JSON, Retry-After)."""
        headers = {"Authorization": f"Bearer {self.token}"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer), None
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal), refusal.headers.get("Retry-After")

    def call(self, method, path, body=None, key=None):
        """Tries again on 429 and 503, and when no answer comes: later each time, and never before Retry-After."""
        for attempt in range(1, ATTEMPTS + 1):
            wait = random.uniform(0.5, 1) * 2 ** (attempt - 1)
            try:
                status, answer, retry_after = self.once(method, path, body, key)
            except LOST:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(wait)
                continue
            if status < 400:
                return answer
            if status not in (429, 503) or attempt == ATTEMPTS:
                raise Refused(answer)
            time.sleep(max(wait, float(retry_after or 0)))
        raise AssertionError("not reached")

    def draft(self, filing):
        """The number of the draft. With its key a repeated request gets the draft of the first time, whose answer may
        have been lost; an open draft of somebody else is refused (409) and named."""
        return self.call("POST", "/v1/filings", filing, key=f"draft-{uuid.uuid4()}")["id"]


def file_change(register, filing, receipt, seconds):
    """Files it and gives its last known state."""
    for change in register.call("POST", "/v1/filings?dry_run=true", filing)["diff"]:
        print(f"{change['item']} {change['pointer']}: {change['old']} → {change['new']}")
    number = register.draft(filing)
    # The key is that of the draft, so that however often it is sent it is filed once.
    received = register.call("POST", f"/v1/filings/{number}/submission", key=f"submit-{number}")
    with open(receipt, "w", encoding="ascii") as file:
        file.write(received["receipt"])
    print(f"{number} received at {received['received_at']}, receipt in {receipt}", flush=True)
    end = time.monotonic() + seconds
    while True:
        filed = register.call("GET", f"/v1/filings/{number}")
        if filed["state"] != "received" or time.monotonic() >= end:
            break
        time.sleep(2)
    decision = filed["decision"]
    print(number, filed["state"] + (f" ({decision['article']}): {decision['reason']}" if decision else ""))
    return filed["state"]


def main():
    base, service, changes, reason, receipt, *more = sys.argv[1:]
    seconds = float(more[0]) if more else 0
    with open(changes, encoding="utf-8") as file:
        filing = {"form": "2-11", "service": service, "reason": {"ja": reason}, "changes": json.load(file)}
    try:
        state = file_change(Register(base, os.environ["ISMAP_LIU_TOKEN"]), filing, receipt, seconds)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if state == "received":
        return 2 if seconds else 0
    return 0 if state == "accepted" else 1


if __name__ == "__main__":
    sys.exit(main())
