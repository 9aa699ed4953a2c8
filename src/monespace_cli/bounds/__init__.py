"""Every limit on data from outside, and the child process that decodes hostile files. Imports no library."""
