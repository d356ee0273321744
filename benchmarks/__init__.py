"""What speed costs: ratios taken in one process, turn by turn, one JSON line each. Never part of the tests."""
