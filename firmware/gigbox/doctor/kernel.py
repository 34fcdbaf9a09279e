"""The kernel and how it schedules: preemption, real-time and memory limits, processor clock, interrupts, clock source."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gigbox.doctor.finding import Finding, fault, note, well
from gigbox.doctor.startup import kernel_words

PRIORITY, LOCKED_MB = 80, 256
CAP_IPC_LOCK, CAP_SYS_NICE = 14, 23
LIMITS = "/etc/security/limits.d/gigbox.conf"
CORES = 4                     # from here on the engine has the last one for itself
COUNTERS = ("tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page", "riscv_clocksource")


def _limit(which: int) -> float:
    soft, _ = resource.getrlimit(which)
    return float("inf") if soft == resource.RLIM_INFINITY else float(soft)


@dataclass(frozen=True)
class Kernel:
    """What is looked at; a test gives a tree of files and figures of its own. `locked`: bytes."""

    root: Path = Path("/")
    version: str = field(default_factory=lambda: os.uname().version)
    release: str = field(default_factory=lambda: os.uname().release)
    priority: float = field(default_factory=lambda: _limit(resource.RLIMIT_RTPRIO))
    locked: float = field(default_factory=lambda: _limit(resource.RLIMIT_MEMLOCK))
    cores: int = field(default_factory=lambda: os.cpu_count() or 1)

    def text(self, path: str) -> str:
        try:
            return (self.root / path).read_text().strip()
        except (OSError, ValueError):
            return ""

    def may(self, capability: int) -> bool:
        rows = dict(line.split(":", 1) for line in self.text("proc/self/status").splitlines() if ":" in line)
        return bool(int(rows.get("CapEff", "0").strip() or "0", 16) >> capability & 1)


def checks(k: Kernel) -> Iterator[Finding]:
    yield _preemption(k)
    yield _priority(k)
    yield _memory(k)
    yield _governor(k)
    yield _interrupts(k)
    yield _clock_source(k)


def _preemption(k: Kernel) -> Finding:
    told = f"{k.release}, {k.version}"
    if "PREEMPT_RT" in k.version or "PREEMPT RT" in k.version:
        return well("kernel", f"{k.release}, fully preemptible (PREEMPT_RT)")
    if "PREEMPT_DYNAMIC" in k.version:
        if "preempt=full" in k.text("proc/cmdline").split():
            return well("kernel", f"{k.release}, preemptible (preempt=full)")
        return note("kernel", f"{told}: can preempt, but was not told to", kernel_words(k.root, "preempt=full"))
    if "PREEMPT" in k.version:
        return well("kernel", f"{k.release}, preemptible")
    return fault("kernel", f"{told}: not preemptible, expected PREEMPT or PREEMPT_RT", "sudo apt-get install -y linux-image-rt-$(dpkg --print-architecture)")


def _priority(k: Kernel) -> Finding:
    if k.priority >= PRIORITY or k.may(CAP_SYS_NICE):
        return well("real time", f"priority {PRIORITY} may be asked for")
    return fault("real time", f"priority up to {k.priority:g}, expected {PRIORITY}",
                 f"echo '@audio - rtprio 95' | sudo tee -a {LIMITS}   (then log in again)")


def _memory(k: Kernel) -> Finding:
    if k.locked >= LOCKED_MB << 20 or k.may(CAP_IPC_LOCK):
        return well("locked memory", "as much as is wanted")
    return fault("locked memory", f"up to {k.locked / (1 << 20):g} MB, expected {LOCKED_MB} MB",
                 f"echo '@audio - memlock unlimited' | sudo tee -a {LIMITS}   (then log in again)")


def _governor(k: Kernel) -> Finding:
    places = k.root.glob("sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor")
    found = {k.text(str(path.relative_to(k.root))) for path in places} - {""}          # of a processor that is off
    if found <= {"performance"}:
        return well("processor clock", "at its highest (performance)" if found else "not for this system to choose")
    return fault("processor clock", f"governor {', '.join(sorted(found))}, expected performance",
                 "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")


def _interrupts(k: Kernel) -> Finding:
    if k.cores < CORES:
        return well("interrupts", f"on any of {k.cores} processors: with fewer than {CORES} the engine has none for itself")
    last = k.cores - 1
    if last not in _cores(k.text("proc/irq/default_smp_affinity")):
        return well("interrupts", f"processor {last} is the engine's alone")
    return note("interrupts", f"may come to processor {last}, which is the engine's",
                kernel_words(k.root, f"irqaffinity=0-{last - 1} isolcpus={last} rcu_nocbs={last}"))


def _cores(mask: str) -> set[int]:
    """Of an affinity as the kernel writes it: hexadecimal, in groups with commas between."""
    bits = int(mask.replace(",", "") or "0", 16)
    return {core for core in range(bits.bit_length()) if bits >> core & 1}


def _clock_source(k: Kernel) -> Finding:
    source = k.text("sys/devices/system/clocksource/clocksource0/current_clocksource")
    if not source or source in COUNTERS:
        return well("clock source", source or "not told")
    return note("clock source", f"{source}: slow to read, expected {COUNTERS[0]} or {COUNTERS[1]}",
                "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource")
