"""Networks from an image to tokens, in PyTorch, a file each; training and engines find them in `registry`."""
