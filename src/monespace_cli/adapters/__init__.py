"""The world around the core: where secrets come from, how a document is shown."""
