"""Standard health formats, bytes <-> record: IHE XDM packages and the zip container they travel in."""
