"""For `gunicorn -c service/gunicorn.conf.py 'newsbrief.app:create_app()'`; see newsbrief.serving.

Settings come from the environment (`NEWSBRIEF_…`), as they do for `newsbrief serve`.
"""

from newsbrief.serving import gunicorn_options
from newsbrief.settings import read_settings

globals().update(gunicorn_options(read_settings()))
