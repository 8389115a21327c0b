"""Who the client is: the peer, or what a trusted load balancer says."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_REMEMBERED = 8192

Address = IPv4Address | IPv6Address


@lru_cache(_REMEMBERED)
def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


@lru_cache(_REMEMBERED)
def limit_key(host: str) -> str:
    """The unit that rate limits count: an IPv4 address, or the /64 network of an IPv6 address."""
    address = _address(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address or host)


class TrustedProxies:
    """Networks whose forwarding headers are believed."""

    def __init__(self, networks: tuple[str, ...]) -> None:
        """Raises `ValueError` for a network that is no CIDR."""
        self._networks = [ip_network(network) for network in networks]
        self._trusts = lru_cache(_REMEMBERED)(self._contains)

    def __contains__(self, host: str) -> bool:
        return bool(self._networks) and self._trusts(host)

    def _contains(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(address in network for network in self._networks)

    def client(self, peer: str, forwarded_for: list[bytes]) -> str:
        """The client's address: from the right of X-Forwarded-For, the first that is not ours.

        Stops at anything that is not an address, so that a client cannot hide behind an invented one.
        """
        client = peer
        hops = b",".join(forwarded_for).decode("latin-1").split(",")
        while client in self and hops:
            address = _address(hops.pop())
            if address is None:
                break
            client = str(address)
        return client
