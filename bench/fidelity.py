#!/usr/bin/env python3
"""The latencies that a round records, beside those of `curl -w '%{time_total}'` on the same server in the same run.

    bench/fidelity.py [--rounds 50] [--delays 0,1,5,50,499,501,random] [--raw FILE] [--tls ec|rsa] [--client ec|rsa]

A round is the frozen build that cron starts, a fresh JVM each time, and its create-times.txt; its opponent is ten
fresh curl processes with the same ten bodies. Which of the two goes first changes from turn to turn. The server
(fidelity_server.c) takes a given time for a create; "random" is 0 to 100 ms from a seeded generator, the same ten for
both. Of every ten: nearest-rank p50, and p99, which is the largest; the table has their medians over the rounds. With
--tls the server has an EC or RSA certificate of a CA of this run, with --client it demands one of both (needs openssl
and its headers). Over TLS a fresh curl also reads its PEM files and runs its cryptography in within its time_total,
which a round does before its clock runs: a second opponent makes the ten creates in one curl process, each with a
whole handshake, and a round must lie between the two, or within the bar of one. With --client it may lie below both:
either curl reads certificate and key anew for each connection. Exit 0: within the bar; 1: not. All seven delays, 50
rounds: half an hour.
"""

import argparse
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CREATES = 10
RANDOM_MAX_US = 100_000
TARGET_P99_MS = 500
BAR_P50_MS, BAR_P99_MS = 0.5, 1.0


class Pki:
    """A CA, and what --tls and --client ask for, in PEM files."""

    KEYS = {"ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"], "rsa": ["-newkey", "rsa:2048"]}

    def __init__(self, folder, server, client):
        self.folder = folder
        self.openssl(
            "req",
            "-x509",
            *self.KEYS["ec"],
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=bench CA",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        )
        self.issue("server", server)
        self.files = [folder / "server.pem", folder / "server.key"]
        self.curl = ["--cacert", folder / "ca.pem"]
        self.settings = [f"CP_TLS_CA={folder}/ca.pem"]
        if client:
            self.issue("client", client)
            self.files.append(folder / "ca.pem")
            self.curl += ["--cert", folder / "client.pem", "--key", folder / "client.key"]
            self.settings += [f"CP_TLS_CERT={folder}/client.pem", f"CP_TLS_KEY={folder}/client.key"]

    def issue(self, name, kind):
        (self.folder / "extensions").write_text("subjectAltName=IP:127.0.0.1")
        self.openssl(
            "req", *self.KEYS[kind], "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"
        )
        self.openssl(
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            "extensions",
            "-out",
            f"{name}.pem",
        )

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=self.folder, stderr=subprocess.DEVNULL)


class Server:
    def __init__(self, folder, pki):
        program = folder / "fidelity_server"
        tls = ["-DTLS", "-lssl", "-lcrypto"] if pki else []
        subprocess.run(
            ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-o", program, ROOT / "bench" / "fidelity_server.c", *tls],
            check=True,
        )
        self.process = subprocess.Popen(
            [program, *(pki.files if pki else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.scheme = "https" if pki else "http"
        self.curl = pki.curl if pki else []
        self.address = f"127.0.0.1:{int(self.process.stdout.readline())}"

    def take(self, microseconds):
        print(*microseconds, file=self.process.stdin, flush=True)
        if self.process.stdout.readline() != "ok\n":
            sys.exit("the server is gone")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def provision(soak, server, pki):
    url = f"{server.scheme}://{server.address}"
    settings = [word for setting in (pki.settings if pki else []) for word in ("--set", setting)]
    subprocess.run(
        [
            ROOT / "jbang",
            ROOT / "setup.java",
            soak,
            "--attach",
            "--listen",
            url,
            "--metrics-listen",
            url,
            "--cli",
            "/bin/true",
            "--no-first-round",
            "--plans-per-round",
            str(CREATES),
            *settings,
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def by_round(soak):
    """The ten times in ms, and the summary."""
    run = subprocess.run([soak / "bin" / "round", soak], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    folder = max(soak.glob("rounds/*/round-*"))
    if run.returncode != 0 or (folder / "plans-created.txt").read_text() != "201\n" * CREATES:
        sys.exit(f"the round ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    times = [float(line) * 1000 for line in (folder / "create-times.txt").read_text().splitlines()]
    summary = json.loads((folder / "round-summary.json").read_text())
    if abs(summary["p99_ms"] - max(times)) > 0.0005:
        sys.exit(f"{folder}: p99_ms is {summary['p99_ms']}, the largest time {max(times)}")
    return times, summary


def by_curl(soak, server, name, processes):
    """The ten times in ms, of ten processes or of one."""
    template = (soak / "plan-template.json").read_text()
    creates = [
        [
            "-s",
            "-m",
            "30",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} %{time_total}\n",
            "--no-sessionid",
            "-H",
            "Connection: close",
            "-H",
            "Content-Type: application/json",
            "-H",
            "X-Autonomy-Operator: soak-val12",
            *server.curl,
            "--data-binary",
            template.replace("{plan_id}", f"curl-{name}-{n:02d}"),
            f"{server.scheme}://{server.address}/v1/rollouts",
        ]
        for n in range(1, CREATES + 1)
    ]
    if processes == 1:
        creates = [[word for create in creates for word in ("--next", *create)][1:]]
    times = []
    for arguments in creates:
        for line in subprocess.run(["curl", "-q", *arguments], capture_output=True, text=True).stdout.splitlines():
            code, seconds = line.split()
            if code != "201":
                sys.exit(f"curl was answered {code}")
            times.append(float(seconds) * 1000)
    if len(times) != CREATES:
        sys.exit(f"curl made {len(times)} creates of {CREATES}")
    return times


def p50(times):
    return sorted(times)[(len(times) + 1) // 2 - 1]


def in_turn(given, soak, server, raw):
    """(delay, who) -> the ten times of each round; and the rounds' own summaries, by delay."""
    contestants = ("curl", "round", "one curl") if given.tls else ("curl", "round")
    samples = {(delay, who): [] for delay in given.delays for who in contestants}
    summaries = {delay: [] for delay in given.delays}
    rng = random.Random(12)
    for turn in range(given.rounds):
        for delay in given.delays:
            taken = (
                [rng.randrange(RANDOM_MAX_US) for _ in range(CREATES)]
                if delay == "random"
                else [int(float(delay) * 1000)]
            )
            for who in reversed(contestants) if turn % 2 else contestants:
                server.take(taken)
                if who == "round":
                    times, summary = by_round(soak)
                    summaries[delay].append(summary)
                else:
                    times = by_curl(
                        soak, server, f"{who.replace(' ', '-')}-{delay}-{turn}", CREATES if who == "curl" else 1
                    )
                samples[delay, who].append(times)
                print(delay, turn, who, *(f"{time:.3f}" for time in times), file=raw, flush=True)
    return samples, summaries


def beyond(value, peers):
    """By how much a figure lies outside those of its peers; below them is negative."""
    return value - min(max(value, min(peers)), max(peers))


def table(given, samples, summaries):
    """Prints it; whether the bar is met."""
    who_all = [who for delay, who in samples if delay == given.delays[0]]
    peers = [who for who in who_all if who != "round"]
    print(
        f"medians over {given.rounds} rounds of {CREATES} creates, in ms; 'in target' = rounds with p99 <="
        f" {TARGET_P99_MS} ms; 'beyond' = the round's figure outside {' … '.join(peers)}\n"
    )
    columns = "".join(f"{who:>9}" for who in who_all)
    print(
        f"          | {'p50':<{len(columns)}}         | {'p99 (max)':<{len(columns)}}         |"
        f" {'in target':<{len(columns)}} | overhead | stalled"
    )
    print(f" delay ms | {columns}  beyond | {columns}  beyond | {columns} |      p50 | creates")
    met = True
    for delay in given.delays:
        ten = {who: samples[delay, who] for who in who_all}
        mid = {who: statistics.median(map(p50, ten[who])) for who in who_all}
        top = {who: statistics.median(map(max, ten[who])) for who in who_all}
        passed = {who: sum(max(times) <= TARGET_P99_MS for times in ten[who]) for who in who_all}
        mid_diff, top_diff = (beyond(of["round"], [of[who] for who in peers]) for of in (mid, top))
        same_verdict = (top["round"] <= TARGET_P99_MS) == (top["curl"] <= TARGET_P99_MS)
        if given.client:
            mid_diff, top_diff = max(mid_diff, 0), max(top_diff, 0)
        within = abs(mid_diff) <= BAR_P50_MS and abs(top_diff) <= BAR_P99_MS and same_verdict
        met = met and within
        overhead = statistics.median(summary["probe_overhead_ms"] for summary in summaries[delay])
        stalled = sum(summary["stalled_creates"] for summary in summaries[delay])
        print(
            f" {delay:>8} | {figures(mid)} {mid_diff:+7.3f} | {figures(top)} {top_diff:+7.3f} |"
            f" {''.join(f'{passed[who]:9d}' for who in who_all)} | {overhead:8.3f} |"
            f" {stalled:7d}{'' if within else '  OUTSIDE'}"
        )
    print(
        f"\n{'within' if met else 'OUTSIDE'} the bar: p50 by {BAR_P50_MS} ms, p99 by {BAR_P99_MS} ms,"
        f" the same side of {TARGET_P99_MS} ms, at every delay"
    )
    return met


def figures(of):
    return "".join(f"{value:9.3f}" for value in of.values())


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=50)
    arguments.add_argument("--delays", type=lambda text: text.split(","), default="0,1,5,50,499,501,random")
    arguments.add_argument(
        "--raw",
        type=argparse.FileType("w"),
        default="/dev/null",
        help="every time measured: delay, turn, who, ten times in ms",
    )
    arguments.add_argument("--tls", choices=("ec", "rsa"), help="over TLS, with a server certificate of such a key")
    arguments.add_argument("--client", choices=("ec", "rsa"), help="and a client certificate of such a key")
    given = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-bench-"))
    pki = Pki(folder, given.tls, given.client) if given.tls else None
    server = Server(folder, pki)
    try:
        soak = folder / "soak"
        provision(soak, server, pki)
        return 0 if table(given, *in_turn(given, soak, server, given.raw)) else 1
    finally:
        server.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
