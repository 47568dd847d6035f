"""The thread of the recogniser, and what it found put into words of the windows."""
