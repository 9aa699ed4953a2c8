"""Short ids that people can type: ten characters of Crockford's base 32, 50 random bits."""

from monespace_cli.ports import Random
from monespace_cli.record.text import well_formed

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 10
MISREAD = str.maketrans("oil", "011")
"""Letters that the alphabet leaves out, and what Crockford reads them as."""
AFTER = "~"
"""Sorts after every character of an id."""


def random_id(random: Random) -> str:
    """Return a new id; whoever uses it sees that it is free."""
    number = int.from_bytes(random(7))
    return "".join(CROCKFORD[number >> 5 * i & 31] for i in range(ID_LENGTH))


def as_typed(prefix: str) -> str:
    """Return the beginning of an id as a person typed it, in the alphabet's own letters."""
    return well_formed(prefix).lower().strip().translate(MISREAD)
