"""What runs a network: ONNX Runtime on a processor, PyTorch on a graphics card and as the reference."""
