"""The health record: frozen data and pure rules; imports nothing but the standard library, errors and the message catalogue."""
