"""Checks for lesson 1, add prices."""


def the_dearest_is_found(dearest):
    """TODO 1. The dearest price is found"""
    assert dearest == 5, f"The dearest of 3, 4 and 5 is 5, and {dearest} was found."


def prices_are_added(total):
    """TODO 2. Prices are added"""
    found = total([1, 2, 3.5])
    assert found == 6.5, f"1, 2 and 3.5 make 6.5, and the total was {found}."


def nothing_costs_nothing(total):
    """Nothing costs nothing"""
    found = total([])
    assert found == 0, f"Without prices the total was {found}."
