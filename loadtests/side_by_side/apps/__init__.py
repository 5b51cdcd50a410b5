"""The services that are compared with Newsbrief; each runs in an environment of its own.

What they need to know comes as JSON in the environment variable `SIDE_BY_SIDE`.
"""
