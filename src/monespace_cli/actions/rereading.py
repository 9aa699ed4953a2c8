"""Reading a document again from its original, or having a person type what nobody could read. The original stays as it is."""

from collections.abc import Callable

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.document import Document, ExtractedDocument, Page, TextSource
from monespace_cli.vault.vault import Vault


def reread(vault: Vault, read: Callable[[bytes], ExtractedDocument], document: Document, page: int | None, *, typed_too: bool) -> Document:
    """Read a document again by `read`, or one page of it; pages that a person typed stay unless `typed_too`. Return it as it is now.

    Raises:
        NotFoundError: it has no such page.
        UnreadableInputError: it cannot be read; nothing was changed.
    """
    before = {each.number: each for each in vault.documents.pages(document)}
    if page is not None and page not in before:
        raise no_page()
    with vault.documents.original(document) as source:
        found = read(source.read()).pages
    return vault.documents.rewrite(document, [_chosen(each, before.get(each.number), page, typed_too=typed_too) for each in found])


def type_page(vault: Vault, document: Document, number: int, text: str) -> Document:
    """Put what a person typed in the place of a page's text; return the document as it is now.

    Raises:
        NotFoundError: it has no such page.
        UsageError: nothing was typed.
    """
    if not text.strip():
        raise UsageError(_("nothing was typed"), hint=_("give the page's text on standard input"))
    pages = vault.documents.pages(document)
    if number not in {page.number for page in pages}:
        raise no_page()
    typed = Page(number, text.strip(), 1.0, TextSource.TYPED)
    return vault.documents.rewrite(document, [typed if page.number == number else page for page in pages])


def _chosen(read: Page, before: Page | None, page: int | None, *, typed_too: bool) -> Page:
    if before is None or (page in (None, read.number) and (typed_too or before.source is not TextSource.TYPED)):
        return read
    return before


def no_page() -> NotFoundError:
    """Return the error for a page that a document does not have."""
    return NotFoundError(_("the document has no such page"), hint=_("`monespace document pages` lists them"))
