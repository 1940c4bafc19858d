"""Whether a GPU is there; every role works without one."""

from pathlib import Path

from prometheus_client import Gauge

from common_utils.config import Settings

GPU_AVAILABLE = Gauge("gpu_available", "1 when a GPU is visible to the process, else 0.")


def gpu_available(settings: Settings, devices: Path = Path("/dev")) -> bool:
    """True when the driver's device files are in the container and CUDA_VISIBLE_DEVICES does not hide them."""
    visible = settings.cuda_visible_devices not in ("", "-1") and any(devices.glob("nvidia[0-9]*"))
    GPU_AVAILABLE.set(visible)
    return visible
