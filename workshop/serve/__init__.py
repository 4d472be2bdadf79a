"""A model is served as TensorFlow Serving would, so that any of its clients can ask.

`protocol` answers requests and knows neither HTTP libraries nor TensorFlow; `model`
knows only how a file is loaded and run; `server` joins the two and adds a page.
"""
