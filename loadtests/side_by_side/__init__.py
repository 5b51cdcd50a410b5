"""Newsbrief beside what people use today, with the same weights on the same machine."""
