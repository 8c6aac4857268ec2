"""Words typed otherwise than the archive writes them, and what they stand for there."""
