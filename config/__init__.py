"""Facts that others decided, as YAML per stelsel, and the loader that refuses what is wrong with them."""

from pathlib import Path

MRA = Path(__file__).parent / "mra"
"""The facts of the Metropoolregio Amsterdam."""
