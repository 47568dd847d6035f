"""From a picture of a formula to its LaTeX; the way in is `recogniser.Recogniser`.

Nothing is imported here: training decodes with `decoding` on machines that lack what pictures need.
"""
