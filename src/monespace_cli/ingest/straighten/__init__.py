"""Straightens photographs and scans before they are read; see :mod:`monespace_cli.ingest.straighten.pipeline` for the order of the steps.

One module for each fault of a picture. Each measures cheaply whether the fault is there, and mends it by a pure function image → image on
grey pixels (height × width, 0–255). Imported in the decoding child only: OpenCV and NumPy are loaded here.
"""
