"""From files to text: find them, read them in a confined child process, and propose what they are."""
