"""What all tests share: how many examples hypothesis tries, and that programs hear of Ctrl-C."""

import signal

from hypothesis import settings

# No deadline: a shared machine stalls now and then, and speed is measured in loadtests/.
settings.register_profile("newsbrief", max_examples=60, deadline=None)
settings.load_profile("newsbrief")

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would all that they
# start: the programs that they interrupt would go on.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
