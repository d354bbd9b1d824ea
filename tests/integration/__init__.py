"""The example account through the whole pipeline."""
