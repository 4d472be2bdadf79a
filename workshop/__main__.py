"""`python -m workshop` is the same as `workshop`."""

from workshop.cli import main

main()
