"""The recogniser: data preparation, network, training and inference. Never imports Qt."""
