"""What all tests share: how many examples hypothesis tries, and for how long."""

from hypothesis import settings

# No deadline: a shared machine stalls now and then, and speed is measured in loadtests/.
settings.register_profile("newsbrief", max_examples=60, deadline=None)
settings.load_profile("newsbrief")
