"""A grade that was given is never changed and never lost: a regrading is one more.

`grade` says what a grade is and what checks are worth, `book` keeps grades in a file,
`form` is how that file is laid out.
"""

from workshop.gradebook.book import Gradebook, GradebookError
from workshop.gradebook.grade import Grade, score, worth

__all__ = ["Grade", "Gradebook", "GradebookError", "score", "worth"]
