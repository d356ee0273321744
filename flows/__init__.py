"""People and clocks: the ``kader`` command, the Prefect flows, the use cases and the one place of wiring."""
