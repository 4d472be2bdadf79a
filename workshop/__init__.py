"""A hands-on Keras workshop: lessons, an honest grader, one laptop."""
