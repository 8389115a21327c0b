"""Applications that are begun: saved, resumed by a colleague, submitted once, erased when they are old."""
