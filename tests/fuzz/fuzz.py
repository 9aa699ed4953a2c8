"""Fuzzes every parser for some seconds, guided by coverage where atheris is: `python -m tests.fuzz.fuzz SECONDS FOLDER`.

A program of its own, because the engine takes the process over. An exception that nobody foresees ends it with a traceback; the input that
did it lies in FOLDER then, which also keeps what was found interesting. The last line says how many inputs were tried.
"""

import contextlib
import random
import sys
import time
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None

with atheris.instrument_imports(include=["monespace_cli"]) if atheris else contextlib.nullcontext():
    from tests.fuzz.parsers import PARSERS, try_parser

VECTORS = Path(__file__).parents[1] / "vectors"
LONGEST = 4096
"""Bytes of an input: parsers meet their bounds long before."""


def seed(corpus: Path) -> None:
    """Write the samples of the formats as first inputs, each for every parser: mutation finds its way from there."""
    samples = [path.read_bytes() for path in (*VECTORS.glob("bundle-v1/*"), VECTORS / "vault-v1/vault/vault.json") if path.is_file()]
    for number, sample in enumerate(samples):
        for which in range(len(PARSERS)):
            (corpus / f"{number}-{which}").write_bytes(bytes([which]) + sample[:LONGEST])


def main(seconds: str, folder: Path) -> None:
    """Run until the time is over."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    seed(corpus)
    if atheris is None:
        blindly(float(seconds), [path.read_bytes() for path in corpus.iterdir()])
        return
    bounds = [f"-max_total_time={seconds}", f"-max_len={LONGEST + 1}", "-timeout=10", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], *bounds, f"-artifact_prefix={folder}/", "-verbosity=0", "-print_final_stats=1", str(corpus)], try_parser)
    atheris.Fuzz()


def blindly(seconds: float, samples: list[bytes]) -> None:
    """Try samples with some bytes changed, taken out or repeated."""
    chance, end, tried = random.Random(), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = bytearray(chance.choice(samples))
        for _change in range(chance.randrange(1, 8)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4)) * chance.choice((1, 1, 100))
        try_parser(bytes(data))
        tried += 1
    print(f"number_of_executed_units: {tried}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
