"""What a person does, joining import, exchange and vault; no terminal."""
