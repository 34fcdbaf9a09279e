"""The denoising model: data, features, training, export, evaluation."""
