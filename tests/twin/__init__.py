"""The twin: a plain Mesa model that must agree with the compiled model bit for bit.

Its loops, its order of the month, its sums over members, its institutions and its ledger are its own; what it shares with the
engine are the rules for one person or household (uncompiled, see `twin.rules`), the reading of the month's law and weather
(`sim.world`) and the draws (`sim.draws`).
"""

from twin.compare import compare_flows, compare_state
from twin.model import TwinModel

__all__ = ["TwinModel", "compare_flows", "compare_state"]
