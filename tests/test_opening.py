"""Settings become a loaded pack, or say why they can't."""

import ctranslate2
import pytest

from newsbrief.errors import ConfigurationError
from newsbrief.metrics import Metrics
from newsbrief.opening import open_models
from newsbrief.settings import Settings


def test_the_bundled_pack_is_loaded_with_as_many_runners_as_are_set():
    models = open_models(Settings(runners=3), Metrics())
    assert str(models.pack.name).startswith("bundled@")
    assert models.runners == 3
    models.close()


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="this machine has a GPU")
def test_a_gpu_that_is_not_there_is_an_error_and_never_the_cpu_instead():
    with pytest.raises(ConfigurationError, match="NEWSBRIEF_DEVICE: cuda needs an NVIDIA GPU"):
        open_models(Settings(device="cuda"), Metrics())
