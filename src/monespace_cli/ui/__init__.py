"""What a person sees: output, questions, progress."""
