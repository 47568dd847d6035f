"""The network: encoder, decoder and the two together. Imports nothing of this package but itself."""
