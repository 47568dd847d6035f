"""From the request of a snip to the image of a region."""
