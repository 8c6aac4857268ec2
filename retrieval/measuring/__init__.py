"""How good the search is: test sets, measures, and what the ranker learns from."""
