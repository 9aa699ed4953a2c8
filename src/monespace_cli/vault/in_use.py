"""Which space of a vault is meant where nobody names one."""

OWNER_SPACE = 1
"""The space of the vault's owner."""
HOLDER = "holder"
"""The person of a vault with no key slots of other people, its owner: `record.people.OWNER`, without loading that."""


class SpaceInUse:
    """The space in use, by its number."""

    number = OWNER_SPACE

    def or_this(self, space: int | None) -> int:
        """Return a space that was named, else this one."""
        return self.number if space is None else space
