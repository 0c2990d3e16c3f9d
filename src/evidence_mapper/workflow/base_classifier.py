"""The classifier under a project's suggestions: the shipped one, or one learned from labelled passages."""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.classify.definitions import DefinitionClassifier
from evidence_mapper.classify.learned import LearnedClassifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.errors import ModelNotFound, SpecMismatch
from evidence_mapper.workflow.project import Project, model_choice

AnyClassifier = StatementClassifier | DefinitionClassifier | LearnedClassifier


def base_classifier(
    project: Project, *, speed: str | None = None, encoder: str | None = None
) -> AnyClassifier:
    """Return the classifier a project uses, without a head of its own.

    Parameters
    ----------
    project
        An open project.
    speed, encoder
        As :func:`~evidence_mapper.classify.shipped.load_classifier` takes them.

    Raises
    ------
    ModelError
        The classifier is missing, changed, or fitted for another framework.
    """
    from evidence_mapper.classify import load_classifier

    model = project.store.model()
    if model is None:
        return load_classifier(project.framework, speed=speed, encoder=encoder)
    folder = Path(model.folder)
    if not folder.is_dir():
        raise ModelNotFound(
            f"this project uses the classifier in {folder}, which is not there; say where it is now with "
            "`evidence-mapper suggest --model FOLDER`, or go back to the shipped one with `--model shipped`"
        )
    classifier = load_classifier(project.framework, folder, speed=speed, encoder=encoder)
    if classifier.sha256 != model.sha256:
        raise SpecMismatch(
            f"the classifier in {folder} is another than this project was told to use; take it on with "
            f"`evidence-mapper suggest --model {folder}`, or go back to the shipped one with "
            "`--model shipped`"
        )
    return classifier


def use_model(project: Project, folder: Path | None) -> None:
    """Have a project use a learned classifier from now on; None goes back to the shipped one.

    Suggestions made before are kept; those of the next run come from it.

    Raises
    ------
    ModelError
        There is no classifier in the folder, it was changed, or it was fitted for another framework.
    StoreError
        The project cannot be written.
    """
    project.store.use_model(None if folder is None else model_choice(project.framework, folder))
