"""The pages of a PDF file, and a region of one."""
