"""From any image of a formula to its LaTeX; the way in is `recogniser.Recogniser`."""
