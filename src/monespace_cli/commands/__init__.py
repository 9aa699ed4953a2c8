"""One file per noun: parse, call, show."""
