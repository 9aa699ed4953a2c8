"""monespace: *Mon espace santé* for the terminal, a local, encrypted health record."""

__version__ = "0.1.0"
