"""One module for each family of formats: it opens bytes and gives pages. `decode` chooses among them; nothing else imports them."""
