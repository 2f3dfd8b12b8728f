"""The part of Jupyter's server that lets answers leave at once."""

import importlib
import json
from pathlib import Path

from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

CONFIG = Path(__file__).parents[1] / "jupyter-config" / "cnnlab.json"


def test_the_setting_names_a_part_that_loads(monkeypatch):
    (module,) = json.loads(CONFIG.read_text())["ServerApp"]["jpserver_extensions"]
    part = importlib.import_module(module)
    assert part._jupyter_server_extension_points() == [{"module": module}]
    opened = KernelWebsocketHandler.open
    monkeypatch.setattr(KernelWebsocketHandler, "open", opened)
    part._load_jupyter_server_extension(None)
    assert KernelWebsocketHandler.open is not opened
