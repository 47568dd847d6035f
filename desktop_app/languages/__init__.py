"""The language of the windows."""
