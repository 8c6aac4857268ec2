"""What a question says by itself: words, phrases, filters, dates, who is to speak."""
