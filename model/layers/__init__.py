"""Parts that architectures are built of, in PyTorch. Imports nothing of the package but itself."""
