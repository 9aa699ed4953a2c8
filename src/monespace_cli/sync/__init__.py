"""What crosses between people: cards, bundles, and the keys behind them. Bytes, keys and a time in; no vault, no terminal."""
