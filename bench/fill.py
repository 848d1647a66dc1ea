#!/usr/bin/env python3
"""Fills a soak as if it had run for long: rounds of evidence, and the same plans in the embedded control plane's store.

    bench/fill.py SOAK_DIR --rounds N     (N x PLANS_PER_ROUND plans; the control plane must be stopped)

The rounds are healthy and sealed, one each interval, the last of them in the slot before the current one;
SOAK_STARTED_AT in config.env is moved to the first. Latencies come from a seeded generator; every
RECOVERY_DRILL_EVERY-th round recovers a plan.
"""

import argparse
import hashlib
import json
import pathlib
import random
import re
import sqlite3
import time
from datetime import datetime, timezone


def config_of(soak):
    values = {}
    for line in (soak / "config.env").read_text().splitlines():
        key, _, value = line.partition("=")
        values[key] = value.strip("'")
    return values


def iso(ts):
    return datetime.fromtimestamp(ts, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def seal(soak, folder, previous):
    """Contract, section 8: the links of a chain, each over its round's files and the summary before it."""
    settings = [
        soak / name for name in ("config.env", "plan-template.json", "plan-drill-template.json", "setup-summary.txt")
    ]
    sums = soak / "bin" / "SHA256SUMS"
    return {
        **({} if previous else {"config": config_of(soak)}),
        "previous": previous
        and {"round_id": f"{previous.parent.parent.name}/{previous.parent.name}", "sha256": sha256(previous)},
        "files": {file.name: sha256(file) for file in sorted(folder.iterdir())},
        "unclosed": {},
        "settings": {file.name: sha256(file) for file in settings if file.exists()},
        "logs": {},
        "build": sha256(sums) if sums.exists() else None,
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("soak", type=pathlib.Path)
    arguments.add_argument("--rounds", type=int, required=True)
    given = arguments.parse_args()
    soak = given.soak.resolve()
    config = config_of(soak)
    interval = int(config.get("ROUND_INTERVAL_SECONDS", 1800))
    per_round = int(config.get("PLANS_PER_ROUND", 10))
    prefix = config.get("PLAN_ID_PREFIX", "soak")
    drill_every = int(config.get("RECOVERY_DRILL_EVERY", 4)) or 4
    rng = random.Random(12)

    t0 = (int(time.time()) // interval - given.rounds) * interval
    env = soak / "config.env"
    line = f"SOAK_STARTED_AT={iso(t0 + 2)}"
    text, replaced = re.subn(r"(?m)^SOAK_STARTED_AT=.*$", line, env.read_text())
    env.write_text(text if replaced else text + line + "\n")
    # What the soak was begun with, or every verdict would be that of an edited config.env.
    begun = soak / "setup-summary.txt"
    begun.write_text(re.sub(r"(?m)^started_at: .*$", f"started_at: {iso(t0 + 2)}", begun.read_text()))

    plans = []
    drill = None
    summary_file = None
    for n in range(given.rounds):
        ts = t0 + n * interval + 2
        day = datetime.fromtimestamp(ts, timezone.utc)
        folder = soak / "rounds" / day.strftime("%Y-%m-%d") / day.strftime("round-%H%M%S")
        folder.mkdir(parents=True)
        ids = [f"{prefix}-{ts}-{i:02d}" for i in range(1, per_round + 1)]
        plans += [(plan, ts) for plan in ids]
        times = sorted(0.003 + rng.expovariate(400) for _ in ids)
        recovered = []
        if (n + 1) % drill_every == 0:
            recovered = [drill] if drill else []
            drill = ids[-1]
            (folder / "drill-plan.txt").write_text(f"{drill}\n")
        count = len(plans)
        (folder / "plan-ids.txt").write_text("".join(f"{plan}\n" for plan in ids))
        (folder / "plans-created.txt").write_text("201\n" * per_round)
        (folder / "create-times.txt").write_text("".join(f"{t:.6f}\n" for t in times))
        (folder / "stuck-scan.json").write_text(
            json.dumps({"stuck_plans": [{"plan_id": plan, "phase": "published"} for plan in recovered]})
        )
        (folder / "recovery.txt").write_text(
            "".join(f"{plan} exit=0 ms=180\n  recovered plan {plan} by retry\n" for plan in recovered)
        )
        (folder / "metrics-scrape.prom").write_text(
            "# TYPE cp_http_requests_total counter\n"
            + "".join(
                f'cp_http_requests_total{{code="200",method="GET",route="/r{k}"}} {count + k}\n' for k in range(60)
            )
            + f'# TYPE cp_rollout_plans_total counter\ncp_rollout_plans_total{{phase="published"}} {count}\n'
        )
        (folder / "integrity.json").write_text('{\n  "lost" : [ ],\n  "duplicate" : [ ],\n  "revived" : [ ]\n}\n')
        summary = {
            "schema": 1,
            "round": n + 1,
            "slot": n,
            "round_id": f"{folder.parent.name}/{folder.name}",
            "started_at": iso(ts),
            "finished_at": iso(ts + 1),
            "unix_ts": ts,
            "duration_ms": 900,
            "rehearsal": False,
            "harness_version": "1.0.0",
            "cp_mode": "embedded",
            "boot_id": "bench",
            "health": "ok",
            "health_http_code": "200",
            "restarted": False,
            "restart_ms": None,
            "hung": False,
            "port_conflict": False,
            **{
                name: "PASS"
                for name in (
                    "v01_health",
                    "v02_creates",
                    "v03_stuck_scan",
                    "v04_recovery",
                    "v05_plan_count",
                    "v06_metrics",
                    "v07_integrity",
                )
            },
            "create_ok": per_round,
            "create_errors": 0,
            "p50_ms": round(times[(per_round - 1) // 2] * 1000, 3),
            "p99_ms": round(times[-1] * 1000, 3),
            "max_ms": round(times[-1] * 1000, 3),
            "probe_overhead_ms": 0.2,
            "scan_http_code": "200",
            "scan_ok": True,
            "stuck_count": len(recovered),
            "recovery_ok": len(recovered),
            "recovery_fail": 0,
            "recovery_deferred": 0,
            "drill_recoveries": len(recovered),
            "plan_count": count,
            "list_pages": count // 100 + 1,
            "expected_plans": count,
            "lost_plans": 0,
            "duplicate_plans": 0,
            "revived_plans": 0,
            "cp_http_requests_total": 60 * count + 1770,
            "cp_rollout_plans_total": count,
            "metrics_ok": True,
            "store_bytes": 400 * count,
            "audit_bytes": 200 * count,
            "cp_rss_bytes": 1 << 27,
            "cp_open_fds": 40,
        }
        summary["seal"] = seal(soak, folder, summary_file)
        summary_file = folder / "round-summary.json"
        summary_file.write_text(json.dumps(summary, indent=2) + "\n")

    database = soak / "cp-data" / "controlplane.db"
    if database.exists():
        with sqlite3.connect(database) as connection:
            connection.executemany(
                "INSERT INTO plans (plan_id, artifact_ref, phase, stages, current_stage_id, created_at_ms,"
                " updated_at_ms, stuck_after_seconds, body)"
                " VALUES (?, 'soak/fleet-agent:1.0.0', 'published', 'canary\nfleet', 'canary', ?, ?, 315360000, ?)",
                [
                    (
                        plan,
                        ts * 1000,
                        ts * 1000,
                        json.dumps({"plan_id": plan, "artifact_ref": "soak/fleet-agent:1.0.0"}),
                    )
                    for plan, ts in plans
                ],
            )
        connection.close()
    print(f"{given.rounds} rounds, {len(plans)} plans")


if __name__ == "__main__":
    main()
