"""Runs a command under the system call filter of a systemd unit, as systemd would build it.

usage: run_filtered.py UNIT COMMAND...

systemd itself need not run: its groups (@system-service, ...) are asked of systemd-analyze. Lines apply in order; '~'
takes away; what is left over gets EPERM, as SystemCallErrorNumber=EPERM in the unit says.
"""
import ctypes
import functools
import os
import subprocess
import sys

import seccomp

PR_SET_NO_NEW_PRIVS = 38
EPERM = 1


@functools.cache
def calls(name):
    if not name.startswith("@"):
        return frozenset([name])
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True, timeout=30).stdout
    members = [line.strip() for line in listed.splitlines()[1:]]
    return frozenset().union(*(calls(m) for m in members if m and not m.startswith("#")))


def allowed(unit):
    result = set(calls("@default"))
    for line in unit.splitlines():
        key, _, value = line.partition("=")
        if key != "SystemCallFilter":
            continue
        named = frozenset().union(*(calls(name) for name in value.lstrip("~").split()))
        result = result - named if value.startswith("~") else result | named
    return result


def main():
    with open(sys.argv[1], encoding="utf-8") as unit:
        names = allowed(unit.read())
    rules = seccomp.SyscallFilter(seccomp.ERRNO(EPERM))
    for name in sorted(names):
        try:
            rules.add_rule(seccomp.ALLOW, name)
        except RuntimeError:
            pass  # A call of another architecture or of a newer kernel.
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    rules.load()
    os.execvp(sys.argv[2], sys.argv[2:])


main()
