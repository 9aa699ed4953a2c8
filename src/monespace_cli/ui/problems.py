"""What the codes of the import mean, and what to do next. A code is for scripts, the words are for people."""

from monespace_cli.i18n import _

EXPLANATIONS: dict[str, tuple[str, str]] = {
    "not-found": (_("there is no such file"), _("look at the path again")),
    "no-permission": (_("it may not be read"), _("change its permissions, or run as its owner")),
    "not-a-file": (_("it is not a regular file (a pipe, a device or a socket)"), _("save it as a file first")),
    "changed-while-reading": (_("it changed while it was read"), _("import it again when it is complete")),
    "too-large": (_("it is larger than monespace takes in"), _("split it, or scan with a lower resolution")),
    "empty-file": (_("it is empty"), _("look whether the scan or the transfer was finished")),
    "unsupported-type": (_("it is of a kind that monespace does not read"), _("save it as PDF, JPEG, PNG, TIFF or text")),
    "damaged-file": (_("it is damaged or cut short"), _("get it again from where it came from")),
    "encrypted-pdf": (_("it is a PDF with a password"), _("save it without the password and import that")),
    "in-trash": (_("it is in the trash"), _("`monespace document restore` takes it out")),
    "ocr-missing": (_("its pages could not be read: no OCR engine is here"), _("install tesseract-ocr and tesseract-ocr-fra")),
}


def explain(code: str) -> tuple[str, str]:
    """Return what a code means and what to do next."""
    return EXPLANATIONS.get(code, (code, _("see docs/import-codes.md")))
