"""What a generation of the archive is stored as: arrays that are mapped into memory, not read."""
