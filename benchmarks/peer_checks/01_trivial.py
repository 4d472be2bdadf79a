"""What a notebook grader asserts about the trivial lesson: our checks, in its way."""


def the_dearest_is_found(dearest):
    assert dearest == 5


def prices_are_added(total):
    assert total([1, 2, 3.5]) == 6.5


def nothing_costs_nothing(total):
    assert total([]) == 0
