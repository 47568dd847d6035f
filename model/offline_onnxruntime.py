"""ONNX Runtime without what its official builds add: a connection to its makers, and an identifier on the disk.

The one hard fact: the variable counts only if it is set before the library is loaded, so no other module imports it.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

# Builds for Windows' own components do not look at the variable.
onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
