"""Classifiers of token sequences, compared with one another on any two lists of lines."""
