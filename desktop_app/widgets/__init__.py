"""Parts that several windows share, and their colours."""
