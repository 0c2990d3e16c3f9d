"""Which classifier a project's suggestions come from: the shipped one, or it with the project's own head."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.classify.cascade import SPEEDS, cascade_sha256
from evidence_mapper.classify.project_head import ProjectHead, from_bytes, sha256_of
from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.errors import SpecMismatch, StoreError
from evidence_mapper.store.records import StoredHead
from evidence_mapper.workflow.base_classifier import AnyClassifier, base_classifier
from evidence_mapper.workflow.project import Project

__all__ = ["AnyClassifier", "InUse", "behind_current_run", "chosen", "in_use", "learned_from", "loaded"]


@dataclass(frozen=True, slots=True)
class InUse:
    """The classifier suggestions come from."""

    classifier: AnyClassifier
    head: StoredHead | None
    """The project's head on top; None for the shipped classifier as it is."""
    note: str | None
    """Why the head a person chose is not used; None when it is, or none was chosen."""


def in_use(project: Project, shipped: AnyClassifier | None = None) -> InUse:
    """Return the classifier in use.

    Parameters
    ----------
    project
        An open project.
    shipped
        The shipped classifier where it is loaded already; None loads it.

    Raises
    ------
    ModelError
        The classifier, or the head kept in the project, cannot be used.
    """
    base = shipped or base_classifier(project)
    head = project.store.head_in_use()
    if head is None:
        return InUse(base, None, None)
    if head.base_sha256 != base.sha256:
        note = (
            f"Head {head.number} was learned on another version of the shipped classifier than the installed "
            f"{base.name}, so it is not used; learn it again with `evidence-mapper train`."
        )
        return InUse(base, None, note)
    return InUse(base.with_head(loaded(head)), head, None)


def chosen(project: Project, speed: str | None = None, encoder: str | None = None) -> InUse:
    """Return the classifier in use at a speed or with an encoder asked for.

    Parameters
    ----------
    project
        An open project.
    speed
        ``fast`` or ``balanced``; None reads every passage with the encoder.
    encoder
        Another encoder for a framework classified by its definitions; None takes the shipped one.

    Raises
    ------
    SpecMismatch
        A head of the project's own is in use, which neither goes with; or this framework has neither.
    ModelError
        The classifier, the encoder, or the head kept in the project, cannot be used.
    """
    if speed is None and encoder is None:
        return in_use(project)
    classifier = base_classifier(project, speed=speed, encoder=encoder)
    head = project.store.head_in_use()
    if head is not None:
        option = f"--encoder {encoder}" if speed is None else f"--{speed}"
        raise SpecMismatch(
            f"head {head.number} of this project was learned on the shipped encoder's vectors of every "
            f"passage, so it does not go with {option}; leave that out, or go back to the shipped "
            "classifier with `evidence-mapper train --off`"
        )
    return InUse(classifier, None, None)


def behind_current_run(project: Project) -> AnyClassifier:
    """Return the classifier that made the current run's suggestions, or the one in use before any run.

    Raises
    ------
    StoreError
        The run's classifier is neither the installed one nor it with one of the project's heads.
    ModelError
        The classifier, or the head kept in the project, cannot be used.
    """
    base = base_classifier(project)
    run = project.store.current_run()
    if run is None:
        return in_use(project, base).classifier
    wanted = run[1].artefact_sha256
    if wanted == base.sha256:
        return base
    for speed in SPEEDS:
        if wanted == cascade_sha256(base.sha256, speed):
            return base_classifier(project, speed=speed)
    for head in project.store.heads():
        if wanted == sha256_of(base.sha256, head.id):
            return base.with_head(loaded(head))
    raise StoreError(_made_by_another(run[1], base))


def _made_by_another(spec: RunSpec, base: AnyClassifier) -> str:
    """Return what happened, what is here, and what to do, where nothing at hand made the suggestions."""
    made, here = (sha256.removeprefix("sha256:")[:12] for sha256 in (spec.artefact_sha256, base.sha256))
    installed = "another build of it" if spec.artefact == base.name else base.name
    return (
        f"the suggestions in this project come from the classifier {spec.artefact} (build {made}), and what "
        f"is installed here is {installed} (build {here}), which cannot say why they were made. Suggestions, "
        "counts and decisions stay as they are. For new suggestions by the one installed: "
        "evidence-mapper suggest"
    )


def loaded(head: StoredHead) -> ProjectHead:
    """Return a head as the classifier takes it.

    Raises
    ------
    UntrustedArtefact
        Its arrays are damaged.
    """
    statements = tuple(str(s) for s in head.spec["statements"])
    return ProjectHead(head.id, head.number, head.base_sha256, statements, from_bytes(head.data))


def learned_from(project: Project) -> int:
    """Return how many decisions the head in use was learned from; 0 for the shipped one. One small read."""
    head = project.store.head_in_use()
    return 0 if head is None else head.decisions
