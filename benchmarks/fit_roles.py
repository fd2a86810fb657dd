"""Fits the role model: `python -m benchmarks.fit_roles --help`. Deterministic: the same files give the same
weights.

What it does, and why:
0. How postings are worded (benchmarks/role_wording.py). What comes after is
   fitted on the signals that each JD has by the wording of the other folds, as an unseen JD would.
1. A conditional logit over each JD's candidates, by the likelihood that the role is an acceptable one. Labels
   of searches and titles are wrong now and then, so a JD that the model finds very unlikely counts less (a
   share of labels is taken for noise).
2. Whether any role fits, by logistic regression on experts' labels. JDs that no role fits are rare, so two
   kinds are made: each labelled JD once more, with all its acceptable roles and their parents and children
   taken away, and O*NET occupations that the library does not reach. Together they weigh what such JDs are
   expected to; O*NET occupations that have a role weigh as much as the others, so that the model does not
   learn the style of O*NET.
3. How probable it is that the chosen role is acceptable, by logistic regression on decisions about JDs that
   the first two models were not fitted on (five-fold).
With --keep the weights of 1 and 2 stay as the shipped model has them, and 0 and 3 are fitted to them: for
when labels are few, or those that it was fitted on are gone. --anew names features whose weights in 1 are
fitted all the same, by experts' labels, beside those that stay: for a new signal.
Files of experts' labels with titles are read twice, with and without them. A JD that stands in a file of
--held-out is not used, whatever other file it is in.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.role_data import EXPERT, OCCUPATION, SEARCH, TITLED, LabelledSet, ids_of, load
from benchmarks.role_occupations import load_occupations
from benchmarks.role_wording import fit_wording, worded
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.role_model import (
    CANDIDATE_FEATURES,
    CONFIDENCE_FEATURES,
    JD_FEATURES,
    MODEL_FILE,
    SIGNALS,
    Doubles,
    RoleModel,
    save_role_model,
    shares,
    shipped_role_model,
)
from jd_assets.models.role_wording import NO_WORDING, WORDING_FILE, RoleWording
from jd_assets.settings import settings
from jd_assets.stages.roles.candidates import Candidates, candidates_of, fit_features, kin_of, weigh
from jd_assets.stages.roles.decide import confidence_features

WEIGHT = {EXPERT: 2.0, SEARCH: 1.0, TITLED: 1.0, OCCUPATION: 0.0}
"""Of a JD in the first and the third model."""

WORDING_WEIGHT = WEIGHT | {OCCUPATION: 0.5}
"""Of a JD in the wording."""
NOISE = 0.05
"""Share of labels of searches and titles that say nothing of the role."""

NONE_FITS = 0.04
"""Expected share of JDs that no library role fits, by the experts' labels."""

BARE_SHARE = 0.5
"""Share of these that is made of JDs whose roles were taken away; the rest are occupations."""

FALSE_NEW = 0.02
"""Share of JDs that a role fits which may be called new."""

FOLDS = 5
KIN_SHARES = (0.0, 0.25, 0.5)
_FITS_DECAY = 5.0
_CONFIDENCE_DECAY = 2.0


@dataclass(frozen=True)
class Problem:
    """All labelled JDs' candidates in one, with what is accepted of them."""

    candidates: Candidates
    accepted: npt.NDArray[np.bool_]
    strict: npt.NDArray[np.bool_]
    kinds: list[str]
    sources: list[str]
    ids: list[str]
    fitting: npt.NDArray[np.bool_]
    weights: Doubles
    folds: npt.NDArray[np.int64]


def fold_of(label_id: str) -> int:
    return int(hashlib.sha256(f"fold {label_id}".encode()).hexdigest(), 16) % FOLDS


def problem_of(
    sets: Sequence[LabelledSet],
    release: Release,
    held_out: frozenset[str],
    wordings: Sequence[RoleWording],
) -> Problem:
    """The sets' JDs, but for the jd_ids held out, as one problem, those of each fold by its own of the
    wordings; `fitting` says of each JD whether any library role is acceptable."""
    signals, labels, names = [], {}, {}
    for number, one in enumerate(sets):
        names[str(number)] = f"{one.name}{' with titles' if one.titles else ''}"
        for fold, wording in enumerate(wordings):
            own = [jd for jd, label in one.by_jd.items() if fold_of(label.id) == fold]
            signals.append(
                one.only(own)
                .signals(release, wording)
                .with_columns(pl.format("{}/{}", pl.lit(number), "jd_id").alias("jd_id"))
            )
        labels |= {f"{number}/{jd}": label for jd, label in one.by_jd.items() if jd not in held_out}
    candidates = candidates_of(pl.concat(signals).filter(pl.col("jd_id").is_in(list(labels))), release)
    of_jd = [labels[jd] for jd in candidates.jd_ids]
    accepted = np.array([of_jd[j].accepted[r] for j, r in zip(candidates.jds, candidates.roles, strict=True)])
    slugs = [role.slug for role in release.roles]
    strict = np.array(
        [of_jd[j].role_slug == slugs[r] for j, r in zip(candidates.jds, candidates.roles, strict=True)]
    )
    twice = {label.id for label in of_jd if sum(other.id == label.id for other in of_jd) > 1}
    return Problem(
        candidates=candidates,
        accepted=accepted,
        strict=strict,
        kinds=[label.kind for label in of_jd],
        sources=[names[jd.split("/")[0]] for jd in candidates.jd_ids],
        ids=[label.id for label in of_jd],
        fitting=np.array([bool(label.accepted.any()) for label in of_jd]),
        weights=np.array([WEIGHT[label.kind] * (0.5 if label.id in twice else 1.0) for label in of_jd]),
        folds=np.array([fold_of(label.id) for label in of_jd]),
    )


def fit_wordings(
    sets: Sequence[LabelledSet], release: Release, held_out: frozenset[str], candidate: Doubles
) -> tuple[RoleWording, list[RoleWording]]:
    """The wording of all labelled postings, and for each fold that of the other folds."""
    data = worded(sets, release, held_out)
    folds = np.array([fold_of(label.id) for label in data.labels])
    weights = np.array([WORDING_WEIGHT[label.kind] for label in data.labels])
    everything = np.ones(len(folds), dtype=bool)

    def fitted(used: npt.NDArray[np.bool_]) -> RoleWording:
        return fit_wording(data, used, candidate, weights, NOISE, release)

    return fitted(everything), [fitted(folds != fold) for fold in range(FOLDS)]


def fit_candidates(problem: Problem, used: npt.NDArray[np.bool_], features: npt.NDArray[np.bool_]) -> Doubles:
    """Weights of the conditional logit on the JDs `used` and the features given, zeros elsewhere."""
    c = problem.candidates
    x = c.features * features
    scale = np.maximum(x.std(axis=0), 1e-6)
    x = x / scale
    counts = np.diff(np.append(c.starts, len(c.roles)))
    noise = np.array([0.0 if kind == EXPERT else NOISE for kind in problem.kinds])
    weight = problem.weights * used
    total = weight.sum()

    def gradient(w: Doubles) -> Doubles:
        share = shares(x @ w, c.starts)
        right = share * problem.accepted
        found = np.add.reduceat(right, c.starts)
        # A JD whose acceptable roles are not among the candidates teaches nothing.
        target = right / np.repeat(np.maximum(found, 1e-12), counts)
        sure = np.where(found > 0, (1 - noise) * found / ((1 - noise) * found + noise * 0.05 + 1e-12), 0.0)
        slope: Doubles = x.T @ ((target - share) * np.repeat(sure * weight, counts)) / total - w / total
        return slope

    return ascend(gradient, x.shape[1]) / scale * features


def fit_anew(problem: Problem, candidate: Doubles, anew: npt.NDArray[np.bool_]) -> Doubles:
    """The weights with those of some features fitted by experts' labels, the others as they are."""
    c = problem.candidates
    counts = np.diff(np.append(c.starts, len(c.roles)))
    weight = problem.weights * np.array([kind == EXPERT for kind in problem.kinds])
    fixed = c.features @ (candidate * ~anew)
    free = c.features[:, anew]

    def gradient(w: Doubles) -> Doubles:
        share = shares(fixed + free @ w, c.starts)
        right = share * problem.accepted
        found = np.add.reduceat(right, c.starts)
        target = right / np.repeat(np.maximum(found, 1e-12), counts)
        told = np.repeat((found > 0) * weight, counts)
        slope: Doubles = free.T @ ((target - share) * told) / weight.sum() - w / weight.sum()
        return slope

    found = candidate.copy()
    found[anew] = ascend(gradient, int(anew.sum()))
    return found


def fit_logistic(x: Doubles, y: Doubles, weight: Doubles, decay: float) -> Doubles:
    """Weights of a logistic regression; the first feature is the intercept and is not drawn to zero."""
    scale = np.maximum(np.abs(x).std(axis=0), 1e-6)
    scale[0] = 1.0
    x = x / scale
    total = weight.sum()
    drawn = np.ones(x.shape[1])
    drawn[0] = 0.0

    def gradient(w: Doubles) -> Doubles:
        slope: Doubles = x.T @ ((y - 1 / (1 + np.exp(-x @ w))) * weight) / total - decay * drawn * w / total
        return slope

    return ascend(gradient, x.shape[1]) / scale


def ascend(
    gradient: Callable[[Doubles], Doubles], size: int, steps: int = 600, rate: float = 0.05
) -> Doubles:
    """Climbs a likelihood from zero by Adam (Kingma and Ba, 2015) over all data in each step."""
    w, mean, square = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(w)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        w = w + rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return w


def without_accepted(problem: Problem, kin: npt.NDArray[np.bool_]) -> Candidates:
    """The experts' JDs that a role fits with those roles and their kin taken away, so that none does."""
    c = problem.candidates
    taken = np.zeros(len(c.roles), dtype=bool)
    for jd, (first, last) in enumerate(zip(c.starts, np.append(c.starts[1:], len(c.roles)), strict=True)):
        roles = c.roles[first:last]
        own = roles[problem.accepted[first:last]]
        near = kin[np.ix_(roles, own)].any(axis=1) if len(own) else np.zeros(len(roles), dtype=bool)
        keep = problem.kinds[jd] == EXPERT and problem.fitting[jd]
        taken[first:last] = problem.accepted[first:last] | near if keep else True
    left = np.unique(c.jds[~taken])
    jds = np.searchsorted(left, c.jds[~taken])
    return Candidates(
        jd_ids=[c.jd_ids[j] for j in left],
        starts=np.searchsorted(jds, np.arange(len(left))),
        jds=jds,
        roles=c.roles[~taken],
        features=c.features[~taken],
        thin=c.thin[left],
    )


def fit_fits(
    problem: Problem, candidate: Doubles, used: npt.NDArray[np.bool_], kin: npt.NDArray[np.bool_]
) -> Doubles:
    """Weights of whether any role fits."""
    features = fit_features(problem.candidates, problem.candidates.features @ candidate)
    expert = np.array([k == EXPERT for k in problem.kinds]) & used
    occupation = np.array([k == OCCUPATION for k in problem.kinds]) & used
    bare = without_accepted(problem, kin)
    place = {jd: i for i, jd in enumerate(problem.candidates.jd_ids)}
    of_bare = np.array([place[jd] for jd in bare.jd_ids])
    made = fit_features(bare, bare.features @ candidate)[used[of_bare]]
    total = problem.weights[expert].sum()
    parts = [
        (features[expert], problem.fitting[expert], problem.weights[expert]),
        (made, np.zeros(len(made), dtype=bool), _spread(NONE_FITS * BARE_SHARE * total, len(made))),
    ]
    for fitting in (False, True):
        own = occupation & (problem.fitting == fitting)
        of_these = _spread(NONE_FITS * (1 - BARE_SHARE) * total, int(own.sum()))
        parts.append((features[own], problem.fitting[own], of_these))
    x, y, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return fit_logistic(x, y.astype(np.float64), weight, _FITS_DECAY)


def _spread(total: float, parts: int) -> Doubles:
    return np.full(parts, total / max(parts, 1))


@dataclass(frozen=True)
class Decisions:
    """Of each JD the chosen candidate, its confidence features and whether it is acceptable, and strictly
    the label; `fits` the probability that any role does."""

    x: Doubles
    accepted: npt.NDArray[np.bool_]
    strict: npt.NDArray[np.bool_]
    top3: npt.NDArray[np.bool_]
    fits: Doubles


def decisions(problem: Problem, model: RoleModel, kin: npt.NDArray[np.bool_], kin_share: float) -> Decisions:
    c = problem.candidates
    weighed = weigh(c, model, kin)
    x, chosen, top3 = [], [], []
    for first, last in zip(c.starts, np.append(c.starts[1:], len(c.roles)), strict=True):
        part = slice(first, last)
        order = np.lexsort((c.roles[part], -(weighed.probability[part] + kin_share * weighed.kin[part])))
        best = int(first + order[0])
        chosen.append(best)
        likeliest = first + np.lexsort((c.roles[part], -weighed.probability[part]))[:3]
        first_three = [best, *likeliest[likeliest != best]][:3]
        top3.append(bool(problem.accepted[first_three].any()))
        fits = float(weighed.fits[c.jds[best]])
        x.append(confidence_features(weighed.probability[best], weighed.kin[best], fits, c.features[best, 0]))
    return Decisions(
        np.array(x),
        problem.accepted[chosen],
        problem.strict[chosen],
        np.array(top3),
        weighed.fits[c.jds[chosen]],
    )


def fit(problem: Problem, release: Release, features: npt.NDArray[np.bool_]) -> tuple[RoleModel, Decisions]:
    """The model fitted on all of the problem, and the decisions on each fold by a model of the others."""
    kin = kin_of(release)
    everything = np.ones(len(problem.ids), dtype=bool)
    blank = np.zeros(len(CONFIDENCE_FEATURES))
    by_share: dict[float, list[Decisions]] = {share: [] for share in KIN_SHARES}
    for fold in range(FOLDS):
        used = problem.folds != fold
        candidate = fit_candidates(problem, used, features)
        fits = fit_fits(problem, candidate, used, kin)
        model = RoleModel(candidate, fits, blank, 0.0, 0.5, {})
        for share in KIN_SHARES:
            by_share[share].append(decisions(problem, model, kin, share))
    unseen = {share: _stitch(found, problem.folds) for share, found in by_share.items()}
    weight = problem.weights * problem.fitting
    kin_share = max(
        KIN_SHARES, key=lambda s: float(weight @ (unseen[s].accepted.astype(float) + 0.5 * unseen[s].strict))
    )
    held = unseen[kin_share]
    expert_fitting = np.array([k == EXPERT for k in problem.kinds]) & problem.fitting
    least_fit = round(float(np.quantile(held.fits[expert_fitting], FALSE_NEW)), 4)
    confidence = fit_confidence(problem, held)
    candidate = fit_candidates(problem, everything, features)
    fits = fit_fits(problem, candidate, everything, kin)
    return RoleModel(candidate, fits, confidence, kin_share, least_fit, {}), held


def fit_confidence(problem: Problem, held: Decisions) -> Doubles:
    """Weights of how probable it is that a decision is acceptable. A noisy label says nothing of how often
    the answer is right, so experts' labels alone are asked."""
    expert = problem.weights * np.array([k == EXPERT for k in problem.kinds])
    return fit_logistic(held.x, held.accepted.astype(float), expert, _CONFIDENCE_DECAY)


def _stitch(parts: Sequence[Decisions], folds: npt.NDArray[np.int64]) -> Decisions:
    """For each JD the decision of the model that has not seen it."""
    rows = np.arange(len(folds))

    def pick(values: Sequence[npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
        return np.stack(values)[folds, rows]

    return Decisions(
        x=pick([p.x for p in parts]),  # type: ignore[arg-type]
        accepted=pick([p.accepted for p in parts]),  # type: ignore[arg-type]
        strict=pick([p.strict for p in parts]),  # type: ignore[arg-type]
        top3=pick([p.top3 for p in parts]),  # type: ignore[arg-type]
        fits=pick([p.fits for p in parts]),  # type: ignore[arg-type]
    )


def report(
    problem: Problem, held: Decisions, model: RoleModel, groups: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Five-fold figures by the JDs' groups: their kinds of label, or their sources."""
    found = {}
    for group in sorted(set(groups)):
        own = np.array([g == group for g in groups])
        fitting = own & problem.fitting
        none = own & ~problem.fitting
        probability = 1 / (1 + np.exp(-(held.x @ model.confidence)))
        said = held.fits >= model.least_fit
        found[group] = {
            "jds": int(own.sum()),
            "accepted": round(float((held.accepted & said)[fitting].mean()), 4),
            "strict": round(float((held.strict & said)[fitting].mean()), 4),
            "top3": round(float(held.top3[fitting].mean()), 4),
            "mean_confidence": round(float(probability[own].mean()), 4),
            "no_role": int(none.sum()),
            "no_role_recognised": int((~said)[none].sum()),
        }
    return found


def ablation(
    problem: Problem, unworded: Problem, release: Release
) -> Iterator[tuple[str, dict[str, dict[str, float]]]]:
    """What was left out, and the figures by source of the model fitted without it; first without nothing.
    `unworded` is the same problem by the library's texts alone."""
    everything = np.ones(len(CANDIDATE_FEATURES), dtype=bool)
    features = {"nothing": everything} | {
        signal: np.array([f != signal and (f, signal) != ("title", "alias") for f in CANDIDATE_FEATURES])
        for signal in SIGNALS
    }
    cases = [(name, problem, used) for name, used in features.items()]
    for name, own, used in [*cases, ("wording", unworded, everything)]:
        model, held = fit(own, release, used)
        yield name, report(own, held, model, own.sources)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", nargs="+", help="files, as benchmarks/role_data.py describes them")
    parser.add_argument("--titled", nargs="*", default=[], help="files to read with their titles too")
    parser.add_argument("--onet", type=Path, help="folder of an O*NET release")
    parser.add_argument("--held-out", nargs="*", default=[], help="files whose JDs are not to be used")
    parser.add_argument("--keep", action="store_true", help="keep the weights of the signals")
    parser.add_argument(
        "--anew", nargs="*", default=[], choices=CANDIDATE_FEATURES, help="features to fit although kept"
    )
    parser.add_argument(
        "--ablation",
        action="store_true",
        help="also fit without each signal, and without the wording, five-fold",
    )
    parser.add_argument("--output", type=Path, default=MODEL_FILE.parent, help="folder to write to")
    options = parser.parse_args()

    embedder = shipped_embedder()
    release = ensure_release(SHIPPED, settings().releases_dir, embedder)
    sets = [load(source, release, embedder) for source in options.labelled]
    sets += [load(source, release, embedder, titles=True) for source in options.titled]
    if options.onet:
        sets.append(load_occupations(options.onet, release, embedder))
    held_out = frozenset(jd for source in options.held_out for jd in ids_of(source))
    everything = np.ones(len(CANDIDATE_FEATURES), dtype=bool)
    kept = shipped_role_model() if options.keep else None
    if kept is None:
        plain = problem_of(sets, release, held_out, [NO_WORDING] * FOLDS)
        candidate = fit_candidates(plain, np.ones(len(plain.ids), dtype=bool), everything)
    else:
        candidate = kept.candidate
    wording, of_others = fit_wordings(sets, release, held_out, candidate)
    problem = problem_of(sets, release, held_out, of_others)
    if kept is None:
        model, held = fit(problem, release, everything)
    else:
        anew = np.array([feature in options.anew for feature in CANDIDATE_FEATURES])
        kept = replace(kept, candidate=fit_anew(problem, kept.candidate, anew)) if anew.any() else kept
        held = decisions(problem, kept, kin_of(release), kept.kin_share)
        model = replace(kept, confidence=fit_confidence(problem, held))
    figures = report(problem, held, model, problem.kinds)
    for kind, values in figures.items():
        print(kind, values)
    provenance = {
        "fitted_at": datetime.now(UTC).date().isoformat(),
        "by": "python -m benchmarks.fit_roles",
        "library_release": release.release,
        "embedder": embedder.model_id,
        "wording": {"version": wording.version, "roles": len(wording.roles), "terms": len(wording.terms)},
        "files": [{"name": s.name, "titles": s.titles, "jds": len(set(s.by_jd) - held_out)} for s in sets],
        "held_out": [Path(source).name for source in options.held_out],
        "five_fold": figures,
    }
    if kept is not None:
        # Fitted twice with --keep, the weights kept are still those of the first fit.
        provenance["kept"] = kept.provenance.get("kept") or {
            "weights": ["candidate", "fits", "kin_share", "least_fit"],
            **kept.provenance,
        }
        provenance["anew"] = sorted({*options.anew, *kept.provenance.get("anew", ())})
    model = RoleModel(
        model.candidate, model.fits, model.confidence, model.kin_share, model.least_fit, provenance
    )
    save_role_model(model, options.output / MODEL_FILE.name)
    wording.save(options.output / WORDING_FILE.name)
    for feature, weight in zip(CANDIDATE_FEATURES, model.candidate, strict=True):
        print(f"{feature:12} {weight:7.3f}")
    print("fits", dict(zip(JD_FEATURES, model.fits.round(3), strict=True)))
    print("confidence", dict(zip(CONFIDENCE_FEATURES, model.confidence.round(3), strict=True)))
    print("kin_share", model.kin_share, "least_fit", model.least_fit)
    if options.ablation:
        unworded = problem_of(sets, release, held_out, [NO_WORDING] * FOLDS)
        for name, by_source in ablation(problem, unworded, release):
            print("without", name, by_source)


if __name__ == "__main__":
    main()
