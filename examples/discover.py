"""Settings of an address, with nothing but Python's own library (3.8 or newer).

SCOUT_URL=http://127.0.0.1:8080 python3 examples/discover.py ann@gmail.com
"""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def discover(base_url, email):
    """The settings. Raises HTTPError; its body is a problem document with a stable `code`."""
    body = json.dumps({"email": email, "devices": "many"}).encode()
    request = Request(
        base_url + "/v1/discover",
        data=body,
        headers={"content-type": "application/json", "accept": "application/json"},
    )
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def main():
    base_url = os.environ.get("SCOUT_URL", "http://127.0.0.1:8080")
    try:
        settings = discover(base_url, sys.argv[1])
    except HTTPError as error:
        problem = json.load(error)
        print(problem["code"] + ": " + problem["detail"], file=sys.stderr)
        return 1
    advice = settings["recommendation"]
    if advice is not None:
        for name, server in ((advice["protocol"], advice["incoming"]), ("smtp", advice["outgoing"])):
            if server is not None:
                print(name, server["hostname"], server["port"], server["security"], server["username"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
