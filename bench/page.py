#!/usr/bin/env python3
"""How long a fresh Chromium takes to load a report's page: from navigation to the end of the load event.

    bench/page.py SOAK_DIR/final-report.html [--repeat 5]

Needs Debian's chromium and chromium-driver; speaks the WebDriver protocol with nothing but the standard library.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import urllib.request

CHROMIUM = {
    "binary": "/usr/bin/chromium",
    "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1440,900"],
}


def call(base, method, path, body=None):
    request = urllib.request.Request(
        base + path,
        json.dumps(body or {}).encode() if method == "POST" else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["value"]


def loaded_after_ms(base, page):
    session = call(base, "POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": CHROMIUM}}})
    path = "/session/" + session["sessionId"]
    try:
        call(base, "POST", path + "/url", {"url": page.as_uri()})
        timing = (
            "const t = performance.getEntriesByType('navigation')[0];"
            " return [t.domContentLoadedEventEnd, t.loadEventEnd, document.getElementsByTagName('*').length]"
        )
        return call(base, "POST", path + "/execute/sync", {"script": timing, "args": []})
    finally:
        call(base, "DELETE", path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("page", type=pathlib.Path)
    arguments.add_argument("--repeat", type=int, default=5)
    given = arguments.parse_args()
    page = given.page.resolve(strict=True)
    driver = subprocess.Popen(["/usr/bin/chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        port = next(
            int(found.group(1))
            for found in (re.search(r"started successfully on port (\d+)", line) for line in driver.stdout)
            if found
        )
        runs = [loaded_after_ms(f"http://127.0.0.1:{port}", page) for _ in range(given.repeat)]
    finally:
        driver.terminate()
        driver.wait()
    loads = [run[1] for run in runs]
    print(
        f"{page.name}: {page.stat().st_size} bytes, {runs[0][2]} elements; loaded after"
        f" {statistics.median(loads):.0f} ms [{min(loads):.0f} … {max(loads):.0f}], n={len(loads)}"
    )


if __name__ == "__main__":
    main()
