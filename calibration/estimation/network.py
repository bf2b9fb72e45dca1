"""A conditional density of parameters given moments, trained with sbi (Tejero-Cantero and others 2020, "sbi: A toolkit for
simulation-based inference", Journal of Open Source Software 5(52)); the only file that knows of sbi and torch.

Both are an extra (`npe`) and are loaded when they are used. One thread and one seed: equal rows give equal draws with the same
versions on the same machine. Another processor may round otherwise, and training enlarges that: draws then differ.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from calibration.estimation.simulator import EstimationError, Numbers

PACKAGES = ("sbi", "torch")
"""What has to be installed."""
REMEDY = 'pip install torch --index-url URL, the one PyTorch names for its CPU build, then pip install "fangpin[npe]"'
"""Without the first, pip takes the build of torch for graphics cards: several GB that nothing here uses."""


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes:
        members: networks whose draws are put together: few runs leave each to its own luck.
        components: normals that each mixes.
        hidden: width of its layers.
        rate: of the steps.
        batch: rows a step.
        patience: epochs without a better loss on held-out rows before it stops.
        held: share of rows that are held out.
        most: epochs at most.
        seed: of the weights and of the split.
    """

    members: int = 3
    components: int = 2
    hidden: int = 32
    rate: float = 1e-3
    batch: int = 50
    patience: int = 20
    held: float = 0.1
    most: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class Learned:
    """How training went.

    Attributes:
        rows: that they were trained on, those held out among them.
        epochs: until they stopped, the mean of the members.
        training_loss, held_out_loss: mean negative log density at the last epoch, and the best on rows held out; the means of the
            members.
        seed: of the first member's weights.
        versions: of `PACKAGES`.
    """

    rows: int
    epochs: float
    training_loss: float
    held_out_loss: float
    seed: int
    versions: dict[str, str]


class Network:
    """Trained densities: draws for any row of moments, no more runs."""

    def __init__(self, densities: Sequence[Any], learned: Learned) -> None:
        """Keep what was trained."""
        self._densities, self.learned = tuple(densities), learned

    def draw(self, rows: Numbers, count: int, seed: int) -> Numbers:
        """Return draws, equally many of each member: sets, draws, parameters.

        Args:
            rows: whitened moments, a row a set.
            count: draws of each.
            seed: of the draws.
        """
        import torch

        members = len(self._densities)
        with _still(seed), torch.no_grad():
            given = _tensor(np.atleast_2d(rows))
            parts = [one.sample((len(range(place, count, members)),), given) for place, one in enumerate(self._densities)]
            found = torch.cat(parts).numpy().astype(np.float64)
        return np.asarray(np.swapaxes(found, 0, 1))


def missing_packages() -> list[str]:
    """Return what has to be installed and is not."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def train(targets: Numbers, rows: Numbers, how: Training) -> Network:
    """Train mixtures of normals whose weights, means and covariances small networks make of the moments.

    Args:
        targets: standardised parameters, one row each.
        rows: whitened moments, one row each.
        how: how.

    Raises:
        EstimationError: when packages are missing.
    """
    if missing_packages():
        raise EstimationError(f"{', '.join(missing_packages())} missing: {REMEDY}")
    found = [_member(targets, rows, replace(how, seed=how.seed + number)) for number in range(how.members)]
    epochs, loss, held_out = (float(one) for one in np.mean([one[1] for one in found], axis=0))
    versions = {name: version(name) for name in PACKAGES}
    return Network([one[0] for one in found], Learned(len(rows), epochs, loss, held_out, how.seed, versions))


def _member(targets: Numbers, rows: Numbers, how: Training) -> tuple[Any, list[float]]:
    """Return a trained density, its epochs, its last loss and its best on rows held out."""
    with _still(how.seed):
        trainer = _trainer(targets.shape[1], how)
        trainer.append_simulations(*map(_tensor, (targets, rows)))
        density = trainer.train(
            training_batch_size=min(how.batch, max(1, int(len(rows) * how.held))),
            learning_rate=how.rate,
            validation_fraction=how.held,
            stop_after_epochs=how.patience,
            max_num_epochs=how.most,
        )
        course = trainer.summary
    return density, [float(course[key][-1]) for key in ("epochs_trained", "training_loss", "best_validation_loss")]


def _trainer(size: int, how: Training) -> Any:
    """Return sbi's trainer of one round; the prior that it asks for is of no use to it then."""
    import torch
    from sbi.inference import NPE
    from sbi.neural_nets import posterior_nn

    prior = torch.distributions.MultivariateNormal(torch.zeros(size), torch.eye(size))
    build = posterior_nn(
        model="mdn", hidden_features=how.hidden, num_components=how.components, z_score_theta="none", z_score_x="independent"
    )
    return NPE(prior, density_estimator=build, show_progress_bars=False, tracker=_NoDiary())


def _tensor(rows: Numbers) -> Any:
    """Return rows as torch takes them."""
    import torch

    return torch.as_tensor(rows, dtype=torch.float32)


@contextlib.contextmanager
def _still(seed: int) -> Iterator[None]:
    """Use one thread and a seed, print nothing, and leave torch as it was."""
    import torch

    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)


class _NoDiary:
    """Takes what sbi would write to a folder of its own and keeps nothing."""

    log_dir = None

    def __getattr__(self, name: str) -> Any:
        """Return a function that does nothing, for every metric and parameter that is told."""
        return lambda *given, **named: None
