"""From raw formulas to packed images with labels: collect, normalise, split, typeset. Commands, each restartable."""
