"""The socket: datagrams in and out, over IPv4 and IPv6.

Answers go only to who asked, and only where a neighbour could have asked from: a datagram says who sent it, and nothing proves it.
"""

from __future__ import annotations

import ipaddress
import os
import select
import socket
import time
from collections.abc import Callable, Iterator

from gigbox import ports
from gigbox.errors import MachineError
from gigbox.remote.osc.clients import Where
from gigbox.remote.osc.limits import Limits
from gigbox.remote.osc.wire import LONGEST

AT_ONCE = 256                                # datagrams before those who wait to be told have their turn
ASKS, BURST, ALL_ASKS = 1500, 5000, 4000     # messages a second of one host, at once, and of all: an app reads 2000 addresses twice when it starts
BYTES, BYTES_AT_ONCE, ALL_BYTES = 150_000, 200_000, 800_000      # a second, as above
SERVICES = 1024                              # no app asks from a port below: an answer there would reach somebody else's service
FLOOD, PAUSE_S = 64, 0.02                    # so many that are not heard are a flood; what comes meanwhile the kernel throws away
IP_RECVERR, IPV6_RECVERR = 11, 25


class Door:
    """Open as long as it is. `gone` is called with those whose port is closed."""

    def __init__(self, port: int, gone: Callable[[Where], None], clock: Callable[[], float] = time.monotonic) -> None:
        """MachineError where the port cannot be had; 0 takes any."""
        self._socket = _bound(port)
        self.port = int(self._socket.getsockname()[1])
        self._gone = gone
        self._asks, self._bytes = Limits(ASKS, BURST, ALL_ASKS, clock), Limits(BYTES, BYTES_AT_ONCE, ALL_BYTES, clock)
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def wake(self) -> None:
        """From any thread: `wait` ends."""
        os.eventfd_write(self._wake, 1)

    def wait(self, seconds: float) -> None:
        if self._wake in select.select([self._socket.fileno(), self._wake], [], [], max(seconds, 0))[0]:
            os.eventfd_read(self._wake)

    def datagrams(self) -> Iterator[tuple[bytes, Where]]:
        """What has come from those who may ask."""
        refused = 0
        for _ in range(AT_ONCE):
            try:
                datagram, where = self._socket.recvfrom(LONGEST + 1)
            except OSError as e:             # nothing more, or the answer to one of before could not be brought
                self._failed()
                if isinstance(e, BlockingIOError):
                    return
                continue
            if answerable(where, self.port) and self.may_ask(where):
                yield datagram, where
            elif (refused := refused + 1) >= FLOOD:
                time.sleep(PAUSE_S)
                return

    def may_ask(self, where: Where) -> bool:
        """One message more: a datagram may hold many."""
        return self._asks.take(host(where))

    def send(self, datagram: bytes, where: Where) -> bool:
        """Whether it is on its way; not where that host was told too much, or the network is full."""
        if not self._bytes.take(host(where), len(datagram)):
            return False
        try:
            self._socket.sendto(datagram, where)
        except BlockingIOError:
            return False
        except OSError:
            self._failed()
        return True

    def own_address(self, where: Where) -> str:
        """The box's, as that one sees it."""
        with socket.socket(self._socket.family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(where)
                return host(probe.getsockname())
            except OSError:
                return "0.0.0.0"

    def close(self) -> None:
        self._socket.close()
        os.close(self._wake)

    def _failed(self) -> None:
        """The kernel knows whose port is closed: nobody listens there, and nothing more is sent."""
        try:
            while True:
                self._gone(self._socket.recvmsg(0, 512, socket.MSG_ERRQUEUE)[3])
        except OSError:
            return


def host(where: Where) -> str:
    return str(where[0]).removeprefix("::ffff:").partition("%")[0]


def answerable(where: Where, own_port: int) -> bool:
    """Whether a neighbour asks. Another box is none (two would talk for ever), nor is a service, nor who is beyond the router."""
    try:
        address = ipaddress.ip_address(host(where))
    except ValueError:
        return False
    return (where[1] >= SERVICES and where[1] != own_port and (address.is_private or address.is_link_local or address.is_loopback)
            and not (address.is_multicast or address.is_unspecified or str(address).endswith(".255")))


def _bound(port: int) -> socket.socket:
    """Both families where the machine has them."""
    for family, any_host in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:
            made = socket.socket(family, socket.SOCK_DGRAM)
        except OSError:
            continue
        try:
            made.setblocking(False)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                made.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
            made.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
            made.bind((any_host, port))
            return made
        except OSError as e:
            made.close()
            if family == socket.AF_INET:
                raise MachineError(f"OSC: UDP port {port}: {e.strerror}; another program has it, or set {ports.OSC_VARIABLE}") from None
    raise MachineError("OSC: this machine has no network")
