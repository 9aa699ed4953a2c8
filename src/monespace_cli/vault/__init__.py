"""The only owner of storage: header, encrypted database, blobs."""
