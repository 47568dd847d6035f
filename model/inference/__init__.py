"""From a picture of a formula to its LaTeX. All that the desktop program imports of the model."""
