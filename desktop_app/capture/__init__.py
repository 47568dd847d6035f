"""From the request of a snip to the picture of a region."""
