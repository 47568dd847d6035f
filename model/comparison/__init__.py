"""Every architecture trained with the same means on the same images, and what became of it in one document."""
