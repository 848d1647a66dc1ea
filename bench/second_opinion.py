#!/usr/bin/env python3
"""Recomputes what report.java says, from the contract alone and in another language, over soaks drawn at random.

    bench/second_opinion.py REPORT [--seeds FROM-TO] [--keep]

REPORT is the report command of a frozen build (SOAK_DIR/bin/report) or report.java. Each seed makes a soak that ended
some days ago: missed, doubled, late and interrupted rounds, broken summaries of every kind, numbers written as text,
legacy rounds, restarts, slow and failed creates, failed scans and recoveries, lost plans, resumes. Final report, one
checkpoint and every daily summary are then compared field by field. Exit code 1 and the differences if there are any.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime

from drawn_soak import DAY, TARGET_P99_MS, Soak, iso, rank


def date_of(ts):
    return iso(ts)[:10]


def ratio(ok, fail):
    return ok / (ok + fail) if ok + fail else None


# --- what the contract says of it -------------------------------------------------------------------------------------


def figures(rounds):
    healthy = [r for r in rounds if r["healthy"]]
    p99s = [r["p99_ms"] for r in rounds if r["p99_ms"] is not None]
    ok, fail = sum(r["recovery_ok"] for r in rounds), sum(r["recovery_fail"] for r in rounds)
    counts = [r["plan_count"] for r in rounds if r["plan_count"] is not None]
    return {
        "total_rounds": len(rounds),
        "healthy_rounds": len(healthy),
        "interrupted_rounds": sum(r["interrupted"] for r in rounds),
        "uptime_pct": len(healthy) / len(rounds) * 100 if rounds else None,
        "creates": sum(r["create_ok"] for r in rounds),
        "errors": sum(r["create_errors"] for r in rounds),
        "ok": ok,
        "fail": fail,
        "rate": ratio(ok, fail),
        "p99": max(p99s, default=None),
        "pooled": rank([ms for r in rounds for ms in r["counted"]], "0.99"),
        "p95": rank(p99s, "0.95"),
        "most": max(counts, default=None),
        "last": counts[-1] if counts else None,
    }


def longest(rounds, matters, skipped=lambda r: False):
    most = run = 0
    for r in rounds:
        if not skipped(r):
            run = run + 1 if matters(r) else 0
            most = max(most, run)
    return most


def missed(soak, rounds, begin, end):
    """Slots of the soak that begin in [begin, end) and have no round."""
    used = {(r["ts"] - soak.t0) // soak.interval for r in rounds}
    return sum(begin <= soak.t0 + slot * soak.interval < end and slot not in used for slot in range(soak.slots))


def expected_daily(soak, date):
    rounds = [r for r in soak.rounds if date_of(r["ts"]) == date]
    begin = int(datetime.fromisoformat(date + "T00:00:00+00:00").timestamp())
    f = figures(rounds)
    stuck = [r for r in rounds if r["stuck_count"]]
    return {
        "date": date,
        "day": begin // DAY - soak.start // DAY + 1,
        "total_rounds": f["total_rounds"],
        "healthy_rounds": f["healthy_rounds"],
        "interrupted_rounds": f["interrupted_rounds"],
        "missed_rounds": missed(soak, soak.rounds, begin, begin + DAY),
        "create_ok": f["creates"],
        "daily_create_errors": f["errors"],
        "recovery_ok": f["ok"],
        "recovery_fail": f["fail"],
        "daily_rollback_rate": f["rate"],
        "daily_p99_ms": f["p99"],
        "pooled_p99_ms": f["pooled"],
        "daily_uptime_pct": f["uptime_pct"],
        "stuck_rounds": len(stuck),
        "daily_stuck_rounds": longest(rounds, lambda r: r["stuck_count"], lambda r: r["stuck_count"] is None),
        "plan_count": f["last"],
    }


def expected_checkpoint(soak, day):
    end = soak.t0 + day * DAY
    f = figures([r for r in soak.rounds if r["ts"] < end])
    return {
        "day": day,
        "window_start": iso(soak.t0),
        "window_end": iso(end),
        "complete": True,
        "total_rounds": f["total_rounds"],
        "healthy_rounds": f["healthy_rounds"],
        "interrupted_rounds": f["interrupted_rounds"],
        "missed_rounds": missed(soak, soak.rounds, 0, end),
        "uptime_pct": f["uptime_pct"],
        "total_creates": f["creates"],
        f"rollback_rate_{day}d": f["rate"],
        f"recovery_attempts_{day}d": f["ok"] + f["fail"],
        "total_recovery_attempts": f["ok"] + f["fail"],
        f"p99_ms_{day}d": f["p99"],
        f"pooled_p99_ms_{day}d": f["pooled"],
    }


def expected_final(soak):
    rounds = soak.rounds
    f, week = figures(rounds), figures([r for r in rounds if r["ts"] < soak.t0 + 7 * DAY])
    slot = lambda r: (r["ts"] - soak.t0) // soak.interval
    good = {slot(r) for r in rounds} - {slot(r) for r in rounds if not r["healthy"]}
    day = lambda n: figures([r for r in rounds if soak.t0 + (n - 1) * DAY <= r["ts"] < soak.t0 + n * DAY])["p99"]
    lost = [r["lost"] for r in rounds if r["lost"] is not None]
    failed_scans = sum(not r["scan_ok"] for r in rounds)
    fields = {
        "total_rounds": f["total_rounds"],
        "scheduled_rounds": soak.slots,
        "healthy_rounds": f["healthy_rounds"],
        "interrupted_rounds": f["interrupted_rounds"],
        "failed_rounds": f["total_rounds"] - f["healthy_rounds"] - f["interrupted_rounds"],
        "missed_rounds": missed(soak, rounds, 0, soak.end),
        "rounds_after_end": soak.after_end,
        "cp_restart_count": sum(r["restarted"] for r in rounds) + (soak.resumes + 1) // 2,
        "total_creates": f["creates"],
        "total_create_errors": f["errors"],
        "max_plan_count": f["most"],
        "final_plan_count": f["last"],
        "total_recovery_attempts": f["ok"] + f["fail"],
        "rollback_sampled": f["ok"] + f["fail"] > 0,
        "total_recovery_ok": f["ok"],
        "total_recovery_fail": f["fail"],
        "agg_rollback_rate": f["rate"],
        "rollback_rate_7d": week["rate"],
        "rollback_rate_30d": f["rate"],
        "round1_p99_ms": rounds[0]["p99_ms"],
        "day7_p99_ms": day(7),
        "day30_p99_ms": day(soak.days),
        "p99_ms_7d": week["p99"],
        "pooled_p99_ms_7d": week["pooled"],
        "max_p99_ms": f["p99"],
        "pooled_p99_ms": f["pooled"],
        "p95_of_p99_ms": f["p95"],
        "uptime_pct": f["uptime_pct"],
        "scheduled_uptime_pct": len(good) / soak.slots * 100,
        "longest_downtime_rounds": longest(rounds, lambda r: not r["healthy"]),
        "scan_failures": failed_scans,
        "total_stuck_plans": sum(r["stuck_count"] or 0 for r in rounds),
        "auto_recovery_rate": f["rate"],
        "lost_plans": sum(lost) if lost else None,
    }
    fleet = max((r["plan_count"] for r in rounds[9:] if r["plan_count"] is not None), default=0)
    enough = lambda ok, fail: ok + fail > 0 and ok * 1000 >= 990 * (ok + fail)
    counts = [r["plan_count"] for r in rounds if r["plan_count"] is not None]
    reached = next((i for i, count in enumerate(counts) if count >= 100), None)
    verdicts = {
        "VAL12-01": soak.start_ms <= 10000,
        "VAL12-02": not rounds[0]["interrupted"] and rounds[0]["create_ok"] == soak.plans,
        "VAL12-03": fleet >= 100,
        "VAL12-04": not rounds[0]["interrupted"]
        and rounds[0]["p99_ms"] is not None
        and rounds[0]["p99_ms"] <= TARGET_P99_MS,
        "VAL12-05": failed_scans == 0,
        "VAL12-06": soak.days >= 7 and enough(week["ok"], week["fail"]),
        "VAL12-07": soak.days >= 7 and week["p99"] <= TARGET_P99_MS,
        "VAL12-08": f["healthy_rounds"] * 1000 >= 999 * len(rounds),
        "VAL12-09": f["creates"] >= 4000,
        "VAL12-10": enough(f["ok"], f["fail"]),
        "C1": sum(lost) == 0 and reached is not None and min(counts[reached:]) >= 100,
        "C2": enough(f["ok"], f["fail"]),
        "C3": f["p99"] <= TARGET_P99_MS,
        "C4": len(good) * 1000 >= 999 * soak.slots,
    }
    fields["passed_checks"] = sum(passed for name, passed in verdicts.items() if name.startswith("VAL12"))
    return fields, verdicts


# --- the comparison ---------------------------------------------------------------------------------------------------


def differences(where, expected, actual):
    for key, value in expected.items():
        found = actual.get(key, "absent")
        close = isinstance(value, float) and isinstance(found, (int, float)) and abs(value - found) < 1e-9
        if found != value and not close:
            yield f"{where} {key}: expected {value}, reported {found}"


def report(command, soak, *options):
    # report.java has no #! line: a shell runs it, and a frozen build's command too
    run = subprocess.run(["sh", command, soak.dir, *options], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode not in (0, 10):
        sys.exit(f"report {' '.join(options)} over {soak.dir} ended with {run.returncode}: {run.stderr}")


def compare(command, soak):
    report(command, soak, "--type", "final")
    actual = json.loads((soak.dir / "final-report.json").read_text())
    fields, verdicts = expected_final(soak)
    yield from differences("final", fields, actual)
    reported = {entry["id"]: entry["verdict"] == "PASS" for entry in actual["checks"] + actual["claims"]}
    yield from differences("verdict", verdicts, reported)
    yield from differences("overall", {"overall": "PASS" if fields["passed_checks"] == 10 else "FAIL"}, actual)

    day = soak.rng.randrange(1, soak.days + 1)
    report(command, soak, "--type", "checkpoint", "--day", str(day))
    yield from differences(
        f"checkpoint {day}",
        expected_checkpoint(soak, day),
        json.loads((soak.dir / "checkpoints" / f"checkpoint-{day}d.json").read_text()),
    )

    for date in soak.rng.sample(sorted({date_of(soak.start + n * DAY) for n in range(soak.days)}), 2):
        report(command, soak, "--type", "daily", "--date", date)
        yield from differences(
            f"daily {date}",
            expected_daily(soak, date),
            json.loads((soak.dir / "daily" / f"{date}-summary.json").read_text()),
        )


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("report", type=pathlib.Path)
    arguments.add_argument("--seeds", default="1-20")
    arguments.add_argument("--keep", action="store_true", help="leave the soaks that differ")
    given = arguments.parse_args()
    first, _, last = given.seeds.partition("-")
    wrong = 0
    for seed in range(int(first), int(last or first) + 1):
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"second-opinion-{seed}-"))
        soak = Soak(folder, seed)
        found = list(compare(given.report.resolve(), soak))
        print(
            f"seed {seed}: {soak.days} days, {len(soak.rounds)} rounds,"
            f" {sum(r['interrupted'] for r in soak.rounds)} interrupted: "
            + ("agreed" if not found else "".join(f"\n  {line}" for line in found))
        )
        wrong += bool(found)
        if not (found and given.keep):
            shutil.rmtree(folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
