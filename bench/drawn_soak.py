"""A soak drawn at random by a seed, written as files, with what a reader must make of each round."""

import json
import math
import random
import time
from datetime import datetime, timezone
from fractions import Fraction

DAY = 86400
TARGET_P99_MS = 500


def iso(ts):
    return datetime.fromtimestamp(ts, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def rank(values, p):
    """Nearest rank; p as text, so that no rounding error moves it."""
    values = sorted(values)
    return values[max(0, math.ceil(Fraction(p) * len(values)) - 1)] if values else None


class Soak:
    """The files of a soak, and in `rounds` what a reader must make of them."""

    def __init__(self, folder, seed):
        self.dir, self.rng, self.rounds, self.after_end = folder, random.Random(seed), [], 0
        draw = self.rng.choice
        self.days, self.interval, self.plans = draw([3, 7, 8, 9]), draw([1800, 3600]), draw([1, 5, 10])
        self.start = (int(time.time()) // DAY - self.days - 3) * DAY + self.rng.randrange(DAY)
        self.t0 = self.start // self.interval * self.interval
        self.end = self.t0 + self.days * DAY
        self.slots = self.days * DAY // self.interval
        self.missing, self.broken, self.errors, self.slow = (
            draw([0, 0, 0.02]),
            draw([0, 0.05]),
            draw([0, 0.01]),
            draw([0, 0.002]),
        )
        self.stuck, self.recovery_fails, self.legacy = draw([0, 0.3]), draw([0, 0.005, 0.05]), draw([0, 0, 20])
        self.start_ms, self.resumes, self.created = draw([900, 10000, 10001]), self.rng.randrange(3), 0
        (folder / "config.env").write_text(
            f"SOAK_ID=second\nSOAK_STARTED_AT={iso(self.start)}\nSOAK_DAYS={self.days}\n"
            f"ROUND_INTERVAL_SECONDS={self.interval}\nPLANS_PER_ROUND={self.plans}\nCP_MODE=external\n"
        )
        self.targets = {
            "SOAK_ID": "second",
            "SOAK_STARTED_AT": iso(self.start),
            "SOAK_DAYS": str(self.days),
            "ROUND_INTERVAL_SECONDS": str(self.interval),
            "PLANS_PER_ROUND": str(self.plans),
        }
        (folder / "setup-summary.txt").write_text(
            f"cp_start_ms: {self.start_ms}\nhealth_http_code: 200\nresult: PASS\nsoak_id: second\n"
            f"started_at: {iso(self.start)}\nsoak_days: {self.days}\nround_interval_seconds: {self.interval}\n"
            f"plans_per_round: {self.plans}\n"
        )
        (folder / "setup-resumes.log").write_text(
            "".join(
                f"{iso(self.start + 3600 * k + 5)} resumed"
                f" control_plane={'started' if k % 2 == 0 else 'alive'} pid=12\n"
                for k in range(self.resumes)
            )
        )
        ordinal = 0
        for slot in range(self.slots + 3):  # three of them after the end
            if slot and self.rng.random() < self.missing:
                continue
            ts = self.start if slot == 0 else max(self.start, self.t0 + slot * self.interval) + self.rng.randrange(5)
            for again in range(2 if self.rng.random() < 0.005 else 1):
                ordinal += 1
                self.round(ts + 7 * again, ordinal)
        (folder / "rounds" / "notes" / "round-000000").mkdir(parents=True)  # a name that is no date

    def round(self, ts, ordinal):
        rng = self.rng
        when = datetime.fromtimestamp(ts, timezone.utc)
        folder = self.dir / "rounds" / when.strftime("%Y-%m-%d") / when.strftime("round-%H%M%S")
        folder.mkdir(parents=True)
        codes = ["201" if rng.random() >= self.errors else rng.choice(["503", "000"]) for _ in range(self.plans)]
        extra = 0.7 if rng.random() < 0.01 else 0
        times = [
            round(0.002 + extra + rng.expovariate(300) + (rng.random() < self.slow) * rng.choice([0.6, 1.2]), 6)
            for _ in codes
        ]
        counted = [round(t * 1000, 3) for t, code in zip(times, codes) if code == "201" or t * 1000 > TARGET_P99_MS]
        scanned = rng.random() > 0.003
        stuck = scanned and rng.random() < self.stuck  # what no scan shows is not recovered
        recoveries = [rng.random() >= self.recovery_fails for _ in range(rng.randrange(1, 4))] if stuck else []
        ok = codes.count("201")
        self.created += ok
        (folder / "plans-created.txt").write_text("".join(code + "\n" for code in codes))
        (folder / "create-times.txt").write_text("".join(f"{t:.6f}\n" for t in times))
        (folder / "recovery.txt").write_text(
            "".join(
                f"soak-{ts - self.interval}-{i:02d} exit={0 if good else 7} ms=12\n  it said exit=1 of something else\n"
                for i, good in enumerate(recoveries)
            )
        )

        dice = rng.random()
        health, restarted = ("ok", False) if dice > 0.01 else ("failed", dice < 0.005)
        listed, lost = rng.random() > 0.01, int(rng.random() < 0.0025)
        summary = {
            "create_ok": ok,
            "create_errors": self.plans - ok,
            "p99_ms": rank(counted, "0.99"),
            "stuck_count": len(recoveries) if scanned else None,
            "recovery_ok": sum(recoveries),
            "recovery_fail": len(recoveries) - sum(recoveries),
            "health": health,
            "restarted": restarted,
            "v01_health": "PASS" if health == "ok" and not restarted else "FAIL",
            "plan_count": self.created if listed else None,
            "scan_http_code": "200" if scanned else "503",
            "scan_ok": scanned,
        }
        legacy = ordinal <= self.legacy
        if scanned:
            stuck = [{"plan_id": f"stuck-{i}"} for i in range(len(recoveries))]
            (folder / "stuck-scan.json").write_text(json.dumps({"stuck_plans": stuck}))
        if not legacy:
            (folder / "plan-ids.txt").write_text("".join(f"soak-{ts}-{i:02d}\n" for i in range(1, self.plans + 1)))
            (folder / "metrics-scrape.prom").write_text(
                "# TYPE cp_http_requests_total counter\ncp_http_requests_total 1\ncp_rollout_plans_total 1\n"
            )
            passed = {
                "v02_creates": ok == self.plans,
                "v03_stuck_scan": scanned,
                "v04_recovery": scanned and all(recoveries),
                "v05_plan_count": listed,
                "v06_metrics": True,
                "v07_integrity": listed and not lost,
            }
            summary |= {step: "PASS" if good else "FAIL" for step, good in passed.items()}
            summary |= {
                "schema": 1,
                "round": ordinal,
                "slot": (ts - self.t0) // self.interval,
                "round_id": f"{folder.parent.name}/{folder.name}",
                "started_at": iso(ts),
                "finished_at": iso(ts + 1),
                "unix_ts": ts,
                "duration_ms": 900,
                "rehearsal": False,
                "harness_version": "1",
                "cp_mode": "external",
                "boot_id": "x",
                "targets": self.targets,
                "health_http_code": "200",
                "p50_ms": rank(counted, "0.5"),
                "max_ms": max(counted, default=None),
                "recovery_deferred": 0,
                "drill_recoveries": 0,
                "list_pages": 1 if listed else None,
                "expected_plans": self.created if listed else None,
                "lost_plans": lost if listed else None,
                "duplicate_plans": 0 if listed else None,
                "revived_plans": 0 if listed else None,
                "cp_http_requests_total": 1,
                "cp_rollout_plans_total": 1,
                "metrics_ok": True,
                "store_bytes": self.created,
                "audit_bytes": 1,
            }
            if listed:
                (folder / "integrity.json").write_text(
                    json.dumps({"lost": [f"lost-{ts}"] * lost, "duplicate": [], "revived": []})
                )
        self.elsewhere = False
        interrupted = self.write_summary(folder, summary, ts) if rng.random() < self.broken else False
        if not interrupted and not (folder / "round-summary.json").exists():
            (folder / "round-summary.json").write_text(json.dumps(summary))
        if ts >= self.end:
            self.after_end += 1
            return
        seen = summary | {
            "ts": ts,
            "interrupted": interrupted,
            "counted": counted,
            "lost": lost if listed and not legacy and not interrupted else None,
        }
        if interrupted:  # creates, latencies and recoveries count by the raw files; nothing else is known
            seen |= {"health": "failed", "restarted": False, "plan_count": None, "scan_ok": False, "stuck_count": None}
        if self.elsewhere:  # nothing of a round that does not belong to its folder counts in the soak's favour
            seen |= {"create_ok": 0, "recovery_ok": 0}
        seen["healthy"] = seen["health"] == "ok" and not seen["restarted"] and not interrupted
        self.rounds.append(seen)

    def write_summary(self, folder, summary, ts):
        """One that is not as it should be; returns whether that makes the round an interrupted one."""
        text = json.dumps(summary)
        as_text = summary | {
            "create_ok": str(summary["create_ok"]),
            "p99_ms": summary["p99_ms"] and str(summary["p99_ms"]),
        }
        elsewhere = (
            summary | {"unix_ts": ts + 60, "started_at": iso(ts + 60), "round_id": "2020-01-01/round-000000"}
            if "schema" in summary
            else "[]"
        )
        made = self.rng.choice(
            [
                None,
                text[: len(text) // 2],
                "",
                "null",
                f"[{text}]",
                text + " x",
                json.dumps(elsewhere),
                json.dumps(as_text),
            ]
        )
        if made is not None:
            (folder / "round-summary.json").write_text(made)
            self.elsewhere = "schema" in summary and made == json.dumps(elsewhere)
        return made != json.dumps(as_text)
