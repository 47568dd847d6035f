"""A formula's LaTeX as an image, drawn beside the thread of the windows."""
