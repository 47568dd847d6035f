"""Training pages: whole pages typeset from the corpus, and crops of them as a hand cuts them, with their labels."""
