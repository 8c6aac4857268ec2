"""Which sentence of a passage answers, and what in it was asked for."""
