"""A policy for a model that says what it takes and what its answers may take."""

from dataclasses import replace

from litany.core.policy import Policy


def fitting_model(policy: Policy | None, takes: int, writes: int) -> Policy:
    """The policy, more of its window reserved where the answer's own limit would reach beyond the model's.

    None is the default one, in a window no wider than the model's. A wider window than the model speaks of is believed.
    takes, writes -- tokens of the model's window and of its answers; 0: it does not say.
    """
    fit = policy or Policy(window=max(256, min(Policy().window, takes or Policy().window)))
    over = fit.window + writes - takes if fit.window <= takes else 0
    return replace(fit, reserve=over) if fit.reserve is None and fit.spare < over < fit.window else fit
