"""age's ASCII armor: an age file as text, to be pasted, printed or put in a QR code (https://c2sp.org/age, "ASCII Armor")."""

import base64

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64


def armored(data: bytes) -> str:
    """Return an age file as text of ASCII lines; `age --decrypt` reads it as it reads the file itself."""
    text = base64.b64encode(data).decode()
    return "\n".join([BEGIN, *(text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)), END, ""])


def armored_size(size: int) -> int:
    """Return how many characters `size` bytes take, armored."""
    letters = (size + 2) // 3 * 4
    return len(BEGIN) + len(END) + 2 + letters + -(-letters // COLUMNS)
