#!/usr/bin/env python3
"""Whole-process time and peak memory of a round and of a report, in turn with the bash baseline: medians with spread.

    bench/bench.py round --plans 120 [--repeat 7]
    bench/bench.py report --rounds 1440 [--repeat 5]
    bench/bench.py bars [--repeat 5]                every figure that has a bar, beside its peer and its floor
    bench/bench.py age [--ages 100,1000,10000,43200]    the same reports and a round on soaks of so many rounds; a plot

Makes its own soak on the embedded control plane in a temporary folder (--keep leaves it), fills it by fill.py, and
measures what cron would start: the frozen build in SOAK_DIR/bin. Time is the wall clock from fork to exit; memory is
the largest resident set of any one process of the tree, from wait4(2).
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINE = ROOT / "bench" / "baseline"


LOG = tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log")


def measured(command, ok):
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open(LOG.name, os.O_WRONLY | os.O_TRUNC)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code not in ok:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{open(LOG.name).read()}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def in_turn(contestants, repeat):
    """One warm-up each, then `repeat` measured runs in turn.

    contestants: name -> (prepare, command, accepted exit codes)
    """
    samples = {name: [] for name in contestants}
    for turn in range(repeat + 1):
        for name, (prepare, command, ok) in contestants.items():
            prepare()
            sample = measured([str(word) for word in command], ok)
            if turn:
                samples[name].append(sample)
    table(samples)
    return {
        name: (statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs))
        for name, runs in samples.items()
    }


def table(samples):
    width = max(map(len, samples))
    print(f"{'':{width}}  wall s: median [min … max]     cpu s: median   peak MiB: median [min … max]")
    for name, runs in samples.items():
        wall, cpu, rss = zip(*runs)
        print(
            f"{name:{width}}  {statistics.median(wall):7.3f} [{min(wall):.3f} … {max(wall):.3f}]"
            f"   {statistics.median(cpu):11.3f}   {statistics.median(rss):9.1f} [{min(rss):.1f} … {max(rss):.1f}]"
            f"   n={len(runs)}"
        )


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def provision(folder, rounds, *more):
    soak = folder / "soak"
    options = [
        *more,
        "--listen",
        f"127.0.0.1:{free_port()}",
        "--metrics-listen",
        f"127.0.0.1:{free_port()}",
        "--no-first-round",
    ]
    subprocess.run(
        [ROOT / "jbang", ROOT / "setup.java", soak, *options],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    stop(soak)
    subprocess.run([sys.executable, ROOT / "bench" / "fill.py", soak, "--rounds", str(rounds)], check=True)
    return soak


def stop(soak):
    subprocess.run(
        [soak / "bin" / "setup", soak, "--stop"], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )


def bash_soak(folder, soak):
    """The same control plane, template and settings for the baseline, in a folder of its own."""
    other = folder / "bash"
    other.mkdir()
    for name in ("rounds", "daily", "checkpoints"):
        (other / name).mkdir()
    config = (soak / "config.env").read_text().replace("CP_MODE=embedded", "CP_MODE=attached")
    (other / "config.env").write_text(config)
    shutil.copy(soak / "plan-template.json", other)
    shutil.copy(soak / "setup-summary.txt", other)
    return other


def second_passes():
    now = time.time()
    time.sleep(1.02 - now % 1)  # two rounds never share a second: the wait for it is not what is measured


ROUND, REPORT, STATUS = "round.java (frozen)", "report.java (frozen)", "its status"
BASH_ROUND, BASH_REPORT = "bash + curl + jq + python3", "bash + jq"


def start(soak):
    subprocess.run(
        [soak / "bin" / "setup", soak, "--no-first-round"],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )


def floors(soak):
    """What a start takes before it does anything: a JVM, then our classes and libraries, then the database."""
    home = next(
        line.split(": ", 1)[1]
        for line in (soak / "bin" / "build.txt").read_text().splitlines()
        if line.startswith("java_home: ")
    )
    nothing = lambda: None
    return {
        "floor: a JVM that does nothing": (
            nothing,
            [home + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-version"],
            (0,),
        ),
        "floor: round --version": (nothing, [soak / "bin" / "round", "--version"], (0,)),
        "floor: report --sql 'SELECT 1'": (nothing, [soak / "bin" / "report", soak, "--sql", "SELECT 1"], (0,)),
    }


def bench_round(given, folder):
    soak = provision(folder, given.plans // 10)
    other = bash_soak(folder, soak)
    start(soak)
    try:
        print(f"a round at {given.plans} plans in store")
        medians = in_turn(
            {
                ROUND: (second_passes, [soak / "bin" / "round", soak], (0, 10)),
                BASH_ROUND: (second_passes, [BASELINE / "run_soak_val12_round.sh", other], (0,)),
                **floors(soak),
            },
            given.repeat,
        )
        newest = max(soak.glob("rounds/*/round-*/round-summary.json"))
        summary = json.loads(newest.read_text())
        print(
            "last round:",
            {
                key: summary[key]
                for key in ("duration_ms", "p99_ms", "plan_count", "lost_plans", "v07_integrity", "health")
            },
        )
        return medians
    finally:
        stop(soak)


def bench_report(given, folder):
    soak = provision(folder, given.rounds)
    other = bash_soak(folder, soak)
    shutil.rmtree(other / "rounds")
    shutil.copytree(soak / "rounds", other / "rounds")
    print(f"a final report over {given.rounds} rounds")
    return in_turn(
        {
            REPORT: (lambda: None, [soak / "bin" / "report", soak, "--type", "final"], (0, 10)),
            STATUS: (lambda: None, [soak / "bin" / "report", soak, "--type", "status"], (0, 10)),
            BASH_REPORT: (lambda: None, [BASELINE / "run_soak_val12_report.sh", other, "--type", "final"], (0,)),
            **floors(soak),
        },
        given.repeat,
    )


def bench_bars(given, folder):
    rows = []
    for plans, wall, cpu in ((120, 1.2, 1.5), (14_400, 0.25, None)):
        given.plans = plans
        medians = bench_round(given, made(folder / str(plans)))
        for what, i, bar in (("wall", 0, wall), ("CPU", 1, cpu)):
            if bar:
                rows.append(
                    (f"round, {plans} plans, {what}: times bash", medians[ROUND][i] / medians[BASH_ROUND][i], bar)
                )
    medians = bench_report(given, made(folder / "reports"))
    rows += [
        ("status, s", medians[STATUS][0], 0.8),
        (f"final report with its page, {given.rounds} rounds, s", medians[REPORT][0], 1.2),
    ]
    print("\nbars, medians")
    for what, figure, bar in rows:
        print(f"{what:52} {figure:6.2f}  bar {bar:5.2f}  {'reached' if figure <= bar else 'missed'}")


def bench_age(given, folder):
    """A round a minute: 43,200 rounds are 30 days."""
    ages = [int(age) for age in given.ages.split(",")]
    figures = {}
    for age in ages:
        soak = provision(made(folder / str(age)), age, "--interval", "60")
        time.sleep(3)  # what has only just been written is not kept by any report
        report = lambda *words: (lambda: None, [soak / "bin" / "report", soak, *words], (0, 10))
        date = ([None] + sorted(folder.name for folder in (soak / "rounds").iterdir()))[-2:]
        date = date[0] or date[1]  # the newest that is over, if one is
        final = report("--type", "final")
        anew = (lambda: shutil.rmtree(soak / "cache", ignore_errors=True), *final[1:])
        print(f"\n{age} rounds")
        medians = in_turn(
            {
                "final report, no cache": anew,
                "final report": final,
                "daily report": report("--type", "daily", "--date", date),
                "status": report("--type", "status"),
            },
            given.repeat,
        )
        start(soak)
        try:
            medians |= in_turn({"round": (second_passes, [soak / "bin" / "round", soak], (0, 10))}, given.repeat)
            medians["its listing alone"] = (statistics.median(listing(soak) for _ in range(given.repeat)), None)
        finally:
            stop(soak)
        for name, (wall, _) in medians.items():
            figures.setdefault(name, []).append(wall)
        shutil.rmtree(folder / str(age))
    plot(ages, figures)


def listing(soak):
    """Seconds that listing the plans takes, page by page, to a client that looks for the cursor alone."""
    url = re.search(r"(?m)^CP_URL='?http://([^'\n]+)", (soak / "config.env").read_text()).group(1)
    began = time.perf_counter()
    connection, cursor = http.client.HTTPConnection(url), ""
    while cursor is not None:
        connection.request("GET", "/v1/rollouts?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        found = re.search(rb'"next_cursor"\s*:\s*"([^"]+)"', connection.getresponse().read())
        cursor = found and found.group(1).decode()
    return time.perf_counter() - began


def plot(ages, figures, width=60):
    """A bar for each age, as long as its seconds, one scale for all."""
    most = max(wall for walls in figures.values() for wall in walls)
    for name, walls in figures.items():
        print(f"\n{name}: seconds by the soak's rounds")
        for age, wall in zip(ages, walls):
            print(f"{age:8} {'#' * max(1, round(width * wall / most))} {wall:.2f}")


def made(folder):
    folder.mkdir()
    return folder


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=("round", "report", "bars", "age"))
    arguments.add_argument("--plans", type=int, default=120)
    arguments.add_argument("--rounds", type=int, default=1440)
    arguments.add_argument("--ages", default="100,1000,10000,43200")
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--keep", action="store_true")
    given = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-bench-"))
    try:
        {"round": bench_round, "report": bench_report, "bars": bench_bars, "age": bench_age}[given.what](given, folder)
    finally:
        if given.keep:
            print("kept", folder)
        else:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
