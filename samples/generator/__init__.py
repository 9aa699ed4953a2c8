"""Synthetic French health papers with ground truth: composed from a seed, laid out, drawn, and spoilt like scans and phone photos.

Who does what, in the order of the work:

- `lexicon`, `pharmacy`, `laboratory`, `phrases`: the words papers are made of; `chance` draws from them.
- `prescriptions`, `biology`, `reports`, `attestations`, `english`, `untitled`, `varied`: compose a `paper.Paper`, which knows its
  own ground truth; `templates` lists them.
- `flow` places a paper's blocks on sheets; `raster` and `pdf` draw the sheets; `fonts` finds typefaces.
- `optics` and `degrade` turn a drawn page into what a scanner or a phone makes of it.
- `output` writes files, ground truth and the manifest; `shipped` lists the papers that are part of the repository.

Rules: everything follows from the seed; no person, address, telephone number or identifier can be real (see `lexicon`).
"""
