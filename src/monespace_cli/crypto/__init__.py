"""Cryptography: bytes in, bytes out.

Rules:

- Primitives come from the `cryptography` package alone; what is here are the small formats on top of them, each specified by somebody else
  (C2SP, OpenSSH, BIP39) and narrowed by `docs/formats/age-profile.md`.
- Nothing here opens a file, asks a person or reads a clock; randomness is handed in where the primitive allows it.
- Verification raises, it never returns a bool.

What it leaves to others: where keys are kept (`vault`), who may sign what (`sync`), and what the words look like on paper (`render`).
Python cannot wipe memory: a key stays in the process until the process ends.
"""
