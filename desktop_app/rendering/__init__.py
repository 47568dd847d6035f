"""A formula's LaTeX as a picture, drawn beside the thread of the windows."""
